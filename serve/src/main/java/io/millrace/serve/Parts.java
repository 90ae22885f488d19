package io.millrace.serve;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.Incidents;
import io.millrace.core.Meters;
import io.millrace.engine.Engine;
import io.millrace.lake.Lake;
import io.millrace.lake.Releases;
import io.millrace.live.LiveValues;
import io.millrace.models.Differences;
import io.millrace.models.TestResults;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.schedule.Books;
import io.millrace.schedule.Scheduler;

/**
 * What the API shows, handed in and closed by the process that owns it.
 *
 * @param meters of the process the API runs in, which is the collector's too
 */
public record Parts(
    Project project,
    DataDirectory data,
    Endpoints endpoints,
    Meters meters,
    Lake lake,
    Engine engine,
    Balances balances,
    LiveValues live,
    Replays replays,
    Rebuilds rebuilds,
    Erasing erasing,
    Incidents incidents,
    Warehouse warehouse) {

  /** What builds models, and what is known of that. */
  public record Warehouse(
      Scheduler scheduler,
      Books books,
      Releases releases,
      TestResults tests,
      Differences differences,
      Lineage lineage,
      PersonalColumns personal,
      Chores chores) {}
}
