package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Release;
import io.millrace.models.TestResults;
import io.millrace.project.ColumnRef;
import io.millrace.project.DataTest;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.project.UnitTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.SnapshotUtil;

/** What the project is made of, as the lake and the ledger have it now. */
final class Assets {

  private static final int SNAPSHOTS_SHOWN = 50;
  private static final int RELEASES_SHOWN = 50;

  private final Parts parts;
  private final Project project;
  private final Neighbours neighbours;
  private final Builds builds;

  Assets(Parts parts) {
    this.parts = parts;
    this.project = parts.project();
    this.neighbours = new Neighbours(project);
    this.builds = new Builds(parts.warehouse().books().ledger());
  }

  Neighbours neighbours() {
    return neighbours;
  }

  /** All of them, by name. */
  SortedMap<TableName, Asset> all() {
    Map<TableName, PinnedTable> lake = parts.lake().pin(AsOf.now());
    SortedMap<TableName, Asset> assets = new TreeMap<>();
    for (StreamContract stream : project.streams().values()) {
      kinds(stream)
          .forEach((table, kind) -> assets.put(table, ofStream(table, kind, stream, lake)));
    }
    Builds.Look look = builds.look();
    project.models().forEach((name, model) -> assets.put(name, ofModel(model, lake, look)));
    return assets;
  }

  private static Map<TableName, Asset.Kind> kinds(StreamContract stream) {
    return Map.of(
        stream.bronze(), Asset.Kind.STREAM,
        TableName.rejected(stream.name()), Asset.Kind.QUARANTINE,
        TableName.repeated(stream.name()), Asset.Kind.QUARANTINE,
        TableName.late(stream.name()), Asset.Kind.QUARANTINE);
  }

  private static Asset ofStream(
      TableName table, Asset.Kind kind, StreamContract stream, Map<TableName, PinnedTable> lake) {
    Optional<PinnedTable> pinned = Optional.ofNullable(lake.get(table));
    return new Asset(
        table.toString(),
        kind,
        kind == Asset.Kind.STREAM ? stream.description() : "",
        stream.owner(),
        Set.of(),
        pinned.map(PinnedTable::rows),
        pinned.flatMap(PinnedTable::committedAt),
        Optional.empty());
  }

  private static Asset ofModel(Model model, Map<TableName, PinnedTable> lake, Builds.Look builds) {
    Optional<PinnedTable> pinned = Optional.ofNullable(lake.get(model.name()));
    return new Asset(
        model.name().toString(),
        Asset.Kind.of(model),
        model.description(),
        model.owner(),
        model.tags(),
        pinned.map(PinnedTable::rows),
        pinned.flatMap(PinnedTable::committedAt),
        builds.of(model));
  }

  /** The page of an asset, if there is one of this name. */
  Optional<AssetPage> page(TableName name) {
    return Optional.ofNullable(all().get(name)).map(asset -> page(name, asset));
  }

  private AssetPage page(TableName name, Asset asset) {
    Optional<PinnedTable> pinned = Optional.ofNullable(parts.lake().pin(AsOf.now()).get(name));
    Optional<Model> model = Optional.ofNullable(project.models().get(name));
    Optional<Model> built = model.filter(Model::isTable);
    return new AssetPage(
        asset,
        pinned.map(table -> table.files().size()),
        project.eventTime(name),
        model.map(it -> InWords.of(it.materialization())),
        built.map(it -> InWords.of(it.schedule().trigger())),
        model.map(it -> it.file().toString()),
        model.filter(it -> !it.isSeed()).map(Model::sql),
        neighbours.reads(name),
        neighbours.readBy(name),
        parts.warehouse().lineage().columns().containsKey(name),
        columns(name, pinned, model),
        tests(name),
        unitTests(name),
        built.flatMap(builds::intervals),
        pinned.isPresent() ? history(name) : List.of());
  }

  private List<AssetPage.Column> columns(
      TableName name, Optional<PinnedTable> pinned, Optional<Model> model) {
    Map<String, String> types = new LinkedHashMap<>();
    pinned.ifPresent(
        table ->
            table
                .schema()
                .columns()
                .forEach(column -> types.put(column.name(), column.type().toString())));
    if (model.isPresent() && !model.get().isTable()) {
      types.putAll(columnsOfView(name));
    }
    Map<String, String> descriptions = descriptions(name, model);
    if (types.isEmpty()) {
      descriptions.keySet().forEach(column -> types.put(column, ""));
    }
    List<AssetPage.Column> columns = new ArrayList<>();
    types.forEach(
        (column, type) ->
            columns.add(
                new AssetPage.Column(
                    column,
                    type,
                    descriptions.getOrDefault(column, ""),
                    parts.warehouse().personal().worst(new ColumnRef(name, column)))));
    return columns;
  }

  private Map<String, String> descriptions(TableName name, Optional<Model> model) {
    Map<String, String> descriptions = new LinkedHashMap<>();
    model.ifPresent(
        it ->
            it.columns().forEach(column -> descriptions.put(column.name(), column.description())));
    project.streams().values().stream()
        .filter(stream -> stream.bronze().equals(name))
        .flatMap(stream -> stream.fields().stream())
        .forEach(
            field ->
                descriptions.put(
                    field.name(),
                    field.deprecated().map(it -> "Deprecated: " + it + ". ").orElse("")
                        + field.description()));
    return descriptions;
  }

  /** A view over tables that are not made yet has none. */
  private Map<String, String> columnsOfView(TableName view) {
    try (Rows rows = parts.engine().query(Query.of("SELECT * FROM " + view).limit(0))) {
      Map<String, String> types = new LinkedHashMap<>();
      rows.columns().forEach(column -> types.put(column.name(), column.type()));
      return types;
    } catch (MillraceException e) {
      return Map.of();
    }
  }

  private List<AssetPage.Test> tests(TableName name) {
    Map<String, TestResults.Kept> results = results(name);
    return project.tests().stream()
        .filter(test -> test.table().equals(name))
        .map(test -> test(test, Optional.ofNullable(results.get(test.name()))))
        .toList();
  }

  private Map<String, TestResults.Kept> results(TableName name) {
    return parts.warehouse().tests().of(name).stream()
        .collect(Collectors.toMap(TestResults.Kept::test, it -> it));
  }

  private static AssetPage.Test test(DataTest test, Optional<TestResults.Kept> kept) {
    return new AssetPage.Test(
        test.name(),
        InWords.of(test.check()),
        test.severity(),
        test.file().toString(),
        test.line(),
        kept.map(it -> it.failures() == 0 ? "passed" : failed(test)),
        kept.filter(it -> it.failures() > 0).map(TestResults.Kept::sentence),
        kept.map(TestResults.Kept::run));
  }

  private static String failed(DataTest test) {
    return test.severity() == DataTest.Severity.WARN ? "warned" : "failed";
  }

  private List<AssetPage.UnitTest> unitTests(TableName name) {
    Map<String, TestResults.Kept> results = results(name);
    return project.unitTests().stream()
        .filter(test -> test.model().equals(name))
        .map(
            test ->
                unitTest(
                    test, Optional.ofNullable(results.get(TestResults.ofUnitTest(test.name())))))
        .toList();
  }

  private static AssetPage.UnitTest unitTest(UnitTest test, Optional<TestResults.Kept> kept) {
    return new AssetPage.UnitTest(
        test.name(),
        test.description(),
        test.file().toString(),
        test.line(),
        kept.map(it -> it.failures() == 0 ? "passed" : "failed"),
        kept.filter(it -> it.failures() > 0).map(TestResults.Kept::sentence),
        kept.map(TestResults.Kept::run));
  }

  private List<AssetPage.Snapshot> history(TableName name) {
    List<AssetPage.Snapshot> history = new ArrayList<>();
    List<Release> releases = parts.warehouse().releases().recent(RELEASES_SHOWN);
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(parts.lake().load(name))) {
      if (history.size() == SNAPSHOTS_SHOWN) {
        break;
      }
      history.add(
          new AssetPage.Snapshot(
              Long.toString(snapshot.snapshotId()),
              Instant.ofEpochMilli(snapshot.timestampMillis()),
              snapshot.operation(),
              count(snapshot, SnapshotSummary.TOTAL_RECORDS_PROP),
              count(snapshot, SnapshotSummary.ADDED_RECORDS_PROP),
              count(snapshot, SnapshotSummary.DELETED_RECORDS_PROP),
              releases.stream()
                  .filter(release -> names(release, name, snapshot.snapshotId()))
                  .map(Release::id)
                  .toList()));
    }
    return history;
  }

  private static boolean names(Release release, TableName table, long snapshot) {
    return Stream.of(release.models(), release.inputs())
        .anyMatch(it -> Objects.equals(it.get(table), snapshot));
  }

  private static long count(Snapshot snapshot, String property) {
    return PropertyUtil.propertyAsLong(snapshot.summary(), property, 0);
  }
}
