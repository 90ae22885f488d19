package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Workshop;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Releases;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;

/** The models of a project as tables of a lake. Safe for several threads. */
public final class ModelWarehouse implements Warehouse {

  final Project project;
  final Lineage lineage;
  final PersonalColumns personal;
  final Lake lake;
  final Releases releases;
  final Workshop workshop;
  final DuckDbSqlReader sql;
  final TestResults results;
  final InstantSource clock;
  final UnitTestGate unitTests;

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
      InstantSource clock) {
    this.project = project;
    this.lineage = lineage;
    this.personal = PersonalColumns.of(project, lineage);
    this.lake = lake;
    this.releases = releases;
    this.workshop = workshop;
    this.sql = sql;
    this.results = results;
    this.clock = clock;
    this.unitTests = new UnitTestGate(project, workshop, results, clock);
  }

  @Override
  public Pass begin() {
    SortedMap<TableName, PinnedTable> streams = new TreeMap<>(lake.pin(new AsOf.Head()));
    streams.keySet().removeAll(project.models().keySet());
    return new BuildPass(this, streams);
  }
}
