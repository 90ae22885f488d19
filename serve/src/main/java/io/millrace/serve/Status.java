package io.millrace.serve;

import io.millrace.core.Incident;
import io.millrace.core.ProcessState;
import io.millrace.schedule.Run;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A project at one moment, as {@code /api/status} shows it. Counts are rows of committed tables, so
 * they survive any restart; rates are of the running processes.
 *
 * @param ready whether an event that arrives now will reach its table
 * @param waitingFor what is not ready yet, a sentence each
 * @param incidents that are going on, oldest first
 */
record Status(
    String project,
    boolean ready,
    List<String> waitingFor,
    Instant at,
    List<ProcessState> processes,
    List<Stream> streams,
    List<Table> tables,
    List<BuiltModel> models,
    List<Running> running,
    Optional<Newest> release,
    List<Incident> incidents) {

  /**
   * How far a model is built that is kept as a table.
   *
   * @param state {@code new}, {@code held}, or the most urgent one of its intervals
   * @param due intervals that are to be built
   */
  record BuiltModel(String name, Builds.State state, int due, int failed, Optional<String> held) {}

  /** A run that is going on. */
  record Running(long id, Run.Kind kind, String what, Instant startedAt) {}

  /** The release that readers see. */
  record Newest(long id, Instant at) {}

  /**
   * One stream.
   *
   * @param accepted rows of its bronze table
   * @param eventsPerSecond received by the collector, mean of the last seconds
   * @param processedPerSecond given a verdict by the stream process, mean of the last seconds
   * @param committedAt the latest commit to one of its tables
   */
  record Stream(
      String name,
      long accepted,
      long rejected,
      long repeated,
      long late,
      double eventsPerSecond,
      double processedPerSecond,
      Optional<Instant> committedAt) {}

  /** One table of the lake at its latest snapshot. */
  record Table(
      String name,
      long rows,
      Optional<Instant> committedAt,
      Optional<String> snapshotId,
      int files,
      List<Column> columns) {}

  record Column(String name, String type) {}
}
