package io.millrace.models;

import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.TableName;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Workshop;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Releases;
import io.millrace.project.Lineage;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The models of a project as tables of a lake. Safe for several threads. */
public final class ModelWarehouse implements Warehouse {

  final Project project;
  final Lineage lineage;
  final PersonalColumns personal;
  final Lake lake;
  final Releases releases;
  final Workshop workshop;
  final DuckDbSqlReader sql;
  private final TestResults results;
  private final Incidents incidents;
  final InstantSource clock;
  final UnitTestGate unitTests;
  private final Set<BuildPass> underWay = ConcurrentHashMap.newKeySet();

  /**
   * Takes what others own and close.
   *
   * @param lineage of the project
   * @param sql tells how materialized views are kept up to date
   */
  public ModelWarehouse(
      Project project,
      Lineage lineage,
      Lake lake,
      Releases releases,
      Workshop workshop,
      DuckDbSqlReader sql,
      TestResults results,
      Incidents incidents,
      InstantSource clock) {
    this.project = project;
    this.lineage = lineage;
    this.personal = PersonalColumns.of(project, lineage);
    this.lake = lake;
    this.releases = releases;
    this.workshop = workshop;
    this.sql = sql;
    this.results = results;
    this.incidents = incidents;
    this.clock = clock;
    this.unitTests = new UnitTestGate(project, workshop, results, clock);
  }

  /**
   * Keeps what the tests of a model said. While they refuse its rows, that is an incident.
   *
   * @param done what was done about rows that are refused
   */
  void keep(long run, Model model, Tested tested, String done) {
    results.put(run, clock.instant(), tested.results());
    String asset = model.name().toString();
    List<String> refusals = tested.refusals();
    if (refusals.isEmpty()) {
      incidents.end(Kind.TEST, asset);
      return;
    }
    long rows =
        tested.results().stream().filter(TestResult::refuses).mapToLong(TestResult::failures).sum();
    String upstream =
        model.reads().stream().map(TableName::toString).collect(Collectors.joining(", "));
    incidents.report(Kind.TEST, asset, upstream, String.join("; ", refusals), rows, done);
  }

  @Override
  public Pass begin() {
    SortedMap<TableName, PinnedTable> streams = new TreeMap<>(lake.pin(new AsOf.Head()));
    streams.keySet().removeAll(project.models().keySet());
    BuildPass pass = new BuildPass(this, streams);
    underWay.add(pass);
    return pass;
  }

  void end(BuildPass pass) {
    underWay.remove(pass);
  }

  /** The snapshots of a table that passes under way read, and their releases will name. */
  public Set<Long> read(TableName table) {
    return underWay.stream()
        .flatMap(pass -> pass.snapshot(table).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
