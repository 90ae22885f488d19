package io.millrace.models;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incidents;
import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.engine.DuckDbRewriter;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Input;
import io.millrace.engine.Limits;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.jinja.JinjaTemplates;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Releases;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.project.Field;
import io.millrace.project.Lineage;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.schedule.Touched;
import io.millrace.schedule.Warehouse;
import io.millrace.schedule.Warehouse.Checked;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Known;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.schedule.Warehouse.Stale;
import io.millrace.schedule.Warehouse.Standing;
import io.millrace.schedule.Warehouse.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;

/** A project in a folder, its lake, and passes over its models without a scheduler. */
final class SmallShop implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  static final TableName SALES = TableName.bronze("sales");
  static final TableName LATE = TableName.late("sales");

  private static final String CONTRACT =
      """
      owner: order-team
      key: product
      event_id: sale_id
      event_time: sold_at
      lateness: 10m
      partition: day(sold_at)
      evolution: backward
      fields:
        sale_id: {type: string, required: true}
        sold_at: {type: timestamp, required: true}
        product: {type: string, required: true}
        quantity: {type: int, required: true}
        amount: {type: "decimal(12,2)", required: true}
      """;

  private final Path folder;
  private final Map<TableName, Known> known = new HashMap<>();
  private final List<String> said = new ArrayList<>();
  private final Map<TableName, Outcome> outcomes = new LinkedHashMap<>();
  final Map<TableName, Optional<Checked>> views = new HashMap<>();
  private long run;
  private long offset;
  Lake lake;
  Releases releases;
  Workshop workshop;
  private DuckDbSqlReader sql;
  TestResults results;
  Incidents incidents;
  Project project;
  private ModelWarehouse warehouse;

  SmallShop(Path folder) {
    this.folder = folder;
    write("millrace.yaml", "name: small shop\n");
    write("streams/sales.yaml", CONTRACT);
  }

  /** The same shop, in which a product tells who somebody is. */
  SmallShop sellingPersonally() {
    return write(
        "streams/sales.yaml",
        CONTRACT.replace("product: {type: string,", "product: {type: string, pii: clear,"));
  }

  SmallShop write(String file, String text) {
    try {
      Path path = folder.resolve("project").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the project again, as a server that starts does. */
  SmallShop open() {
    close();
    DataDirectory data = new DataDirectory(folder.resolve("data"));
    sql = new DuckDbSqlReader();
    project =
        ProjectReader.load(
            folder.resolve("project"), sql, new JinjaTemplates(Map.of("DBT_TOWN", "Dresden")));
    lake = Lake.open(data);
    project.streams().values().forEach(lake::prepare);
    releases = Releases.open(data.metadata(), () -> NOW);
    results = TestResults.open(data.metadata());
    incidents = Incidents.open(data.metadata(), () -> NOW);
    Lineage lineage = Lineage.of(project, sql);
    workshop =
        new Workshop(
            project.models(),
            PersonalColumns.of(project, lineage),
            lake::fetch,
            Limits.ofBuilds(project.settings()),
            data.temporary("builds"));
    warehouse =
        new ModelWarehouse(
            project, lineage, lake, releases, workshop, sql, results, incidents, () -> NOW);
    return this;
  }

  /** A row of the stream. */
  record Sale(String id, Instant at, String product, int quantity, String amount) {}

  void sell(TableName table, Sale... sales) {
    Table to = lake.load(table);
    List<Field> columns = Schemas.tables(project.contract("sales")).get(table);
    AppendFiles append = to.newAppend();
    try (TableWriter writer = new TableWriter(to, columns)) {
      for (Sale sale : sales) {
        writer.write(row(sale, columns.size()));
      }
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  private ValueRow row(Sale sale, int columns) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, sale.at());
    List<Object> values = new ArrayList<>();
    values.add(ValueRow.utf8(sale.id()));
    values.add(micros);
    values.add(ValueRow.utf8(sale.product()));
    values.add((long) sale.quantity());
    values.add(new java.math.BigDecimal(sale.amount()).movePointRight(2).longValueExact());
    values.add(micros);
    values.add(0L);
    values.add(offset++);
    while (values.size() < columns) {
      values.add(ValueRow.utf8("late"));
    }
    return ValueRow.of(values.toArray());
  }

  /** Looks at every model and builds what is due, upstream first; then releases what passed. */
  Map<TableName, Outcome> pass() {
    try (Warehouse.Pass pass = begin()) {
      return pass(pass);
    }
  }

  Warehouse.Pass begin() {
    return warehouse.begin();
  }

  Map<TableName, Outcome> pass(Warehouse.Pass pass) {
    outcomes.clear();
    run++;
    SortedSet<TableName> built = new TreeSet<>();
    for (Model model : project.modelsInOrder()) {
      if (model.isTable()) {
        build(model.name(), pass).ifPresent(outcome -> outcomes.put(model.name(), outcome));
        if (outcomes.get(model.name()) instanceof Outcome.Published) {
          built.add(model.name());
        }
      }
    }
    pass.release(run, built, standings(), "test");
    project.models().values().stream()
        .filter(model -> !model.isTable())
        .forEach(view -> views.put(view.name(), pass.test(view.name(), run)));
    return outcomes;
  }

  private SortedMap<TableName, Standing> standings() {
    SortedMap<TableName, Standing> standings = new TreeMap<>();
    known.forEach(
        (table, it) ->
            standings.put(
                table,
                new Standing(
                    it.positions(),
                    !(outcomes.get(table) instanceof Outcome.Refused),
                    "the test says so")));
    return standings;
  }

  private Optional<Outcome> build(TableName table, Warehouse.Pass pass) {
    Known before =
        known.getOrDefault(table, new Known(Optional.empty(), Map.of(), new TreeSet<>()));
    Looked looked = pass.look(table, before);
    SortedSet<Interval> intervals = new TreeSet<>(before.intervals());
    looked.stale().forEach(stale -> intervals.add(stale.interval()));
    Map<TableName, Long> positions = new HashMap<>(before.positions());
    positions.putAll(looked.positions());
    known.put(table, new Known(Optional.of(looked.definition()), positions, intervals));
    if (looked.stale().isEmpty()) {
      return Optional.empty();
    }
    List<Interval> due = looked.stale().stream().map(Stale::interval).toList();
    return Optional.of(
        pass.build(
            new Work(table, due, Extent.CHANGES, run), line -> said.add(table + " " + line)));
  }

  /** Builds a table that has been built, as after a death before the ledger heard of it. */
  Outcome buildAgain(TableName table) {
    try (Warehouse.Pass pass = begin()) {
      return pass.build(
          new Work(table, List.of(Interval.ALWAYS), Extent.CHANGES, ++run),
          line -> said.add(table + " " + line));
    }
  }

  /** Upkeep of a day later, which keeps nothing for its age. */
  void expire() {
    new Upkeep(
            lake,
            new DuckDbRewriter(64 << 20, folder.resolve("upkeep")),
            table -> {
              Set<Long> kept = new HashSet<>(warehouse.read(table));
              kept.addAll(releases.kept(table));
              return kept;
            },
            new UpkeepLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), 100, 0),
            () -> Instant.now().plus(Duration.ofDays(1)),
            pause -> {})
        .run();
  }

  /** What builds said since the last time this was asked. */
  List<String> said() {
    List<String> lines = List.copyOf(said);
    said.clear();
    return lines;
  }

  /** The intervals that look would ask for now, with reasons, without building them. */
  List<Stale> stale(String table) {
    try (Warehouse.Pass pass = warehouse.begin()) {
      return pass.look(TableName.parse(table), known.get(TableName.parse(table))).stale();
    }
  }

  /** What the definition of a table touches of what readers see. */
  Touched touched(TableName table) {
    try (Warehouse.Pass pass = warehouse.begin()) {
      return pass.touched(table);
    }
  }

  /** The rows of a SELECT over what readers see now, as text, sorted. */
  List<String> rows(String select) {
    return rows(select, AsOf.now());
  }

  List<String> rows(String select, AsOf asOf) {
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    for (PinnedTable table : lake.pin(asOf).values()) {
      inputs.put(table.name(), new Input.Table(table, Optional.empty()));
    }
    List<String> found = new ArrayList<>();
    try (Workbench bench = workshop.open(inputs, Optional.empty());
        Rows rows = bench.rows(select)) {
      while (rows.next()) {
        found.add(rows.values().toString());
      }
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  @Override
  public void close() {
    if (lake != null) {
      workshop.close();
      sql.close();
      results.close();
      incidents.close();
      releases.close();
      lake.close();
    }
  }
}
