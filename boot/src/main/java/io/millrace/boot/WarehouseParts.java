package io.millrace.boot;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incidents;
import io.millrace.core.TableName;
import io.millrace.engine.DuckDbRewriter;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Engine;
import io.millrace.engine.Limits;
import io.millrace.engine.Workshop;
import io.millrace.lake.Lake;
import io.millrace.lake.Releases;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.live.LiveValues;
import io.millrace.models.Differences;
import io.millrace.models.ModelWarehouse;
import io.millrace.models.TestResults;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.quality.Gate;
import io.millrace.schedule.Books;
import io.millrace.schedule.Scheduler;
import io.millrace.schedule.Surroundings;
import io.millrace.serve.Chores;
import io.millrace.serve.Parts;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What builds, keeps and compares the tables of models, wired together. */
record WarehouseParts(
    Books books,
    Releases releases,
    TestResults results,
    Workshop workshop,
    DuckDbSqlReader sql,
    Lineage lineage,
    PersonalColumns personal,
    Scheduler scheduler,
    Differences differences,
    Chores chores,
    Gate gate)
    implements AutoCloseable {

  private static final Duration TICK = Duration.ofSeconds(1);

  /** A stream that takes events and has not committed for so long is behind. */
  private static final int COMMITS_BEHIND = 6;

  static WarehouseParts open(Project project, DataDirectory data, Lake lake, Incidents incidents) {
    InstantSource clock = InstantSource.system();
    Path temporary = data.temporary("server");
    Books books = Books.open(data.metadata(), clock);
    Releases releases = Releases.open(data.metadata(), clock);
    TestResults results = TestResults.open(data.metadata());
    DuckDbSqlReader sql = new DuckDbSqlReader();
    Lineage lineage = Lineage.of(project, sql);
    PersonalColumns personal = PersonalColumns.of(project, lineage);
    Workshop workshop =
        new Workshop(
            project.models(),
            personal,
            lake::fetch,
            Limits.ofBuilds(project.settings()),
            temporary.resolve("builds"));
    ModelWarehouse warehouse =
        new ModelWarehouse(
            project, lineage, lake, releases, workshop, sql, results, incidents, clock);
    LiveStreams streams =
        new LiveStreams(
            data.metadata(),
            project.settings().commitInterval().multipliedBy(COMMITS_BEHIND),
            clock);
    Gate gate = Gate.open(project, data.metadata(), incidents, clock);
    Scheduler scheduler =
        new Scheduler(
            project,
            warehouse,
            books,
            clock,
            new Surroundings(WarehouseParts::load, streams::behind, gate::closed, TICK));
    UpkeepLimits limits = UpkeepLimits.of(project.settings());
    Upkeep upkeep =
        new Upkeep(
            lake,
            new DuckDbRewriter(project.settings().queryMemoryBytes(), temporary.resolve("upkeep")),
            table -> kept(table, releases, books, warehouse),
            limits,
            clock,
            WarehouseParts::rest);
    return new WarehouseParts(
        books,
        releases,
        results,
        workshop,
        sql,
        lineage,
        personal,
        scheduler,
        new Differences(project, lake, workshop, personal),
        new Chores(upkeep, releases, limits, books.runs()),
        gate);
  }

  /** What the API shows of them. */
  Parts.Warehouse parts() {
    return new Parts.Warehouse(
        scheduler, books, releases, results, differences, lineage, personal, chores);
  }

  /**
   * What releases name or will name, and what models have to be compared with when they are looked
   * at. A pass is asked before the releases: it is under way until its release is made.
   */
  private static Set<Long> kept(
      TableName table, Releases releases, Books books, ModelWarehouse warehouse) {
    Set<Long> kept = new HashSet<>(warehouse.read(table));
    kept.addAll(releases.kept(table));
    books.ledger().tables().values().stream()
        .flatMap(state -> Optional.ofNullable(state.positions().get(table)).stream())
        .forEach(kept::add);
    return kept;
  }

  /** Erases people, from the tables of models too. */
  Eraser eraser(
      Project project,
      DataDirectory data,
      Lake lake,
      Engine engine,
      StreamPosition stream,
      LiveValues live) {
    Marts marts = new Marts(project, lake, engine, scheduler, releases);
    return new Eraser(
        project, data, lake, stream, marts, new LiveEraser(live), InstantSource.system());
  }

  /** Of the machine, for each core; a system that does not say has none. */
  private static double load() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return Math.max(0, system.getSystemLoadAverage()) / system.getAvailableProcessors();
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    scheduler.close();
    workshop.close();
    gate.close();
    sql.close();
    results.close();
    releases.close();
    books.close();
  }
}
