package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Span;
import io.millrace.project.Batches;
import io.millrace.project.ColumnRef;
import io.millrace.project.DataTest;
import io.millrace.project.InputMode;
import io.millrace.project.Lineage;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse.Progress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/**
 * Where a model is built: the model, the tables as its pass sees them, and the tools.
 *
 * @param state the tables it may read, pinned; the model's own as it is published
 */
record Site(
    Model model,
    Project project,
    Lineage lineage,
    PersonalColumns personal,
    DuckDbSqlReader sql,
    Workshop workshop,
    SortedMap<TableName, PinnedTable> state,
    Progress progress) {

  List<Door> doors() {
    List<Door> doors = new ArrayList<>();
    model.reads().forEach(input -> doors.add(Door.of(project, model, input)));
    return doors;
  }

  /**
   * Values of columns of the model as an error may say them: those that are personal are left out.
   */
  String told(Rows rows) {
    Set<String> hidden =
        rows.columns().stream()
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .filter(column -> personal.worst(new ColumnRef(model.name(), column)).isPresent())
            .collect(Collectors.toSet());
    return RowText.of(rows, hidden);
  }

  /** What the model is built from in this state. */
  BuiltFrom builtFrom() {
    SortedMap<TableName, Long> inputs = new TreeMap<>();
    doors().stream()
        .flatMap(door -> door.tables().stream())
        .filter(table -> state.containsKey(table))
        .forEach(table -> inputs.put(table, snapshot(table).orElse(PinnedTable.EMPTY)));
    return new BuiltFrom(
        project.fingerprint(model), Recipes.of(lineage, model.name()), inputs, testsOfRows());
  }

  /** Digests of the tests that refuse a build, and that rows which passed need not pass again. */
  SortedSet<String> testsOfRows() {
    return tests().stream()
        .filter(test -> test.severity() == DataTest.Severity.ERROR)
        .filter(test -> Tested.isOfRows(test.check()))
        .map(FailingRows::digest)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<DataTest> tests() {
    return project.tests().stream().filter(test -> test.table().equals(model.name())).toList();
  }

  Optional<Long> snapshot(TableName table) {
    return Optional.ofNullable(state.get(table)).flatMap(PinnedTable::snapshotId);
  }

  /** All rows of everything the model reads. */
  SortedMap<TableName, Input> whole() {
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    for (Door door : doors()) {
      door.tables()
          .forEach(table -> inputs.put(table, new Input.Table(pinned(table), Optional.empty())));
    }
    return inputs;
  }

  /** The rows that a build of one interval sees. */
  SortedMap<TableName, Input> within(Interval interval) {
    SortedMap<TableName, Input> inputs = whole();
    for (TableName input : model.reads()) {
      if (project.mode(model, input) == InputMode.INTERVAL) {
        inputs.put(input, restricted(input, interval));
      }
    }
    return inputs;
  }

  private Input restricted(TableName input, Interval interval) {
    Optional<Span> span =
        project.eventTime(input).map(column -> new Span(column, interval, zone()));
    Model read = project.models().get(input);
    return read == null || read.isTable()
        ? new Input.Table(pinned(input), span)
        : new Input.View(read.sql(), span);
  }

  /** The days of a by-interval model are of its zone; those of others are never asked for. */
  private ZoneId zone() {
    return batches().map(Batches::zone).orElse(ZoneOffset.UTC);
  }

  Optional<Batches> batches() {
    return model.materialization() instanceof Materialization.ByInterval byInterval
        ? Optional.of(byInterval.batches())
        : Optional.empty();
  }

  /** The columns of the tables behind the model. */
  Map<TableName, List<String>> columns() {
    Map<TableName, List<String>> columns = new TreeMap<>();
    for (Door door : doors()) {
      for (TableName table : door.tables()) {
        columns.put(
            table, pinned(table).schema().columns().stream().map(Types.NestedField::name).toList());
      }
    }
    return columns;
  }

  /** The SQL of the views the model reads, directly or through others. */
  Map<TableName, String> views() {
    Map<TableName, String> views = new TreeMap<>();
    addViews(model, views);
    return views;
  }

  private void addViews(Model reader, Map<TableName, String> views) {
    for (TableName input : reader.reads()) {
      Model read = project.models().get(input);
      if (read != null && !read.isTable() && views.put(input, read.sql()) == null) {
        addViews(read, views);
      }
    }
  }

  PinnedTable pinned(TableName table) {
    PinnedTable pinned = state.get(table);
    if (pinned == null) {
      throw MillraceException.world(
          "Cannot build %s: %s, which it reads, has not been built yet"
              .formatted(model.name(), table));
    }
    return pinned;
  }

  Workbench open(SortedMap<TableName, Input> inputs, Path output) {
    return workshop.open(inputs, Optional.of(output));
  }
}
