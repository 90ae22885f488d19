package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.MetadataTables;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.schedule.Run.Kind;
import io.millrace.schedule.Run.State;
import io.millrace.schedule.Run.Step;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has run, and what is running: builds and chores alike, with their steps and what they said.
 * The newest {@link #KEPT} runs of each kind are kept. Threads may share it.
 */
public final class Runs implements AutoCloseable {

  /** How many runs of a kind are kept, so that chores do not push builds out. */
  public static final int KEPT = 1_000;

  /** How many lines of a step are kept. */
  public static final int MAX_LINES = 200;

  static final String CUT_OFF = "the run was cut off";

  private static final int MAX_TEXT = 2_000;

  private static final String STEP_WORK =
      "SELECT kind, table_name, run_steps.ended_micros - run_steps.started_micros"
          + " FROM run_steps JOIN runs ON runs.id = run WHERE run_steps.id = ?";

  private final MetadataTables database;
  private final Usage usage;
  private final InstantSource clock;

  private Runs(MetadataTables database, Usage usage, InstantSource clock) {
    this.database = database;
    this.usage = usage;
    this.clock = clock;
  }

  /**
   * Opens the tables {@code runs} and {@code run_steps}, making them if there are none.
   *
   * @param metadata the metadata database
   * @param usage told what steps took; stays open when this closes
   */
  public static Runs open(Path metadata, Usage usage, InstantSource clock) {
    return new Runs(
        MetadataTables.open(metadata, "the runs", Runs.class, "runs.sql"), usage, clock);
  }

  /**
   * Begins a run; close it when it ends.
   *
   * @param what {@code gold.daily_sales}, {@code 3 tables}, {@code compaction}
   * @param why who or what asked for it
   */
  public OpenRun begin(Kind kind, String what, String why) {
    long id =
        database.insert(
            "INSERT INTO runs (kind, what, why, state, message, started_micros)"
                + " VALUES (?, ?, ?, 'running', '', ?)",
            word(kind),
            bounded(what),
            bounded(why),
            now());
    forgetOld(kind);
    return new OpenRun(this, id);
  }

  private void forgetOld(Kind kind) {
    // The one that begins is running, and is kept besides.
    String old =
        "(SELECT id FROM runs WHERE kind = ? AND state <> 'running' ORDER BY id DESC LIMIT -1 OFFSET "
            + (KEPT - 1)
            + ")";
    database.together(
        updates -> {
          updates.update(
              "DELETE FROM run_lines WHERE step IN (SELECT id FROM run_steps WHERE run IN "
                  + old
                  + ")",
              word(kind));
          updates.update("DELETE FROM run_steps WHERE run IN " + old, word(kind));
          updates.update("DELETE FROM runs WHERE id IN " + old, word(kind));
        });
  }

  /** The newest runs, newest first, with their steps. */
  public List<Run> recent(int limit) {
    return recent(limit, EnumSet.allOf(Kind.class));
  }

  /** The newest runs of some kinds, newest first, with their steps. */
  public List<Run> recent(int limit, Set<Kind> kinds) {
    String some =
        kinds.stream().map(Runs::word).collect(Collectors.joining("', '", "kind IN ('", "')"));
    return select(some + " ORDER BY id DESC LIMIT " + limit);
  }

  /** Those that have not ended, newest first, with their steps. */
  public List<Run> running() {
    return select("state = 'running' ORDER BY id DESC");
  }

  private List<Run> select(String where) {
    Map<Long, List<Step>> steps =
        database
            .select(
                Runs::step,
                "SELECT * FROM run_steps WHERE run IN (SELECT id FROM runs WHERE "
                    + where
                    + ") ORDER BY id")
            .stream()
            .collect(Collectors.groupingBy(Step::run));
    return database.select(
        row -> run(row, steps.getOrDefault(row.getLong("id"), List.of())),
        "SELECT * FROM runs WHERE " + where);
  }

  public Optional<Run> find(long id) {
    List<Step> steps =
        database.select(Runs::step, "SELECT * FROM run_steps WHERE run = ? ORDER BY id", id);
    return database.first(row -> run(row, steps), "SELECT * FROM runs WHERE id = ?", id);
  }

  /** What a step has said, in order. */
  public List<Run.Line> log(long step) {
    return database.select(
        row ->
            new Run.Line(MetadataTables.instant(row.getLong("at_micros")), row.getString("text")),
        "SELECT at_micros, text FROM run_lines WHERE step = ? ORDER BY line",
        step);
  }

  /** Ends what a process that is no more has left running. */
  public void endCutOff() {
    String end = " SET state = 'failed', message = ?, ended_micros = ? WHERE state = 'running'";
    database.together(
        updates -> {
          updates.update("UPDATE run_steps" + end, CUT_OFF, now());
          updates.update("UPDATE runs" + end, CUT_OFF, now());
        });
  }

  long addStep(long run, String table, List<Interval> intervals, int attempt) {
    return database.insert(
        "INSERT INTO run_steps (run, table_name, from_micros, to_micros, intervals, attempt, state,"
            + " rows, message, branch, started_micros)"
            + " VALUES (?, ?, ?, ?, ?, ?, 'running', 0, '', '', ?)",
        run,
        table,
        MetadataTables.micros(intervals.get(0).start()),
        MetadataTables.micros(intervals.get(intervals.size() - 1).end()),
        intervals.size(),
        attempt,
        now());
  }

  void addLine(long step, int line, String text) {
    database.write("INSERT INTO run_lines VALUES (?, ?, ?, ?)", step, line, now(), bounded(text));
  }

  void endStep(long step, State state, long rows, String message, String branch) {
    database.write(
        "UPDATE run_steps SET state = ?, rows = ?, message = ?, branch = ?, ended_micros = ?"
            + " WHERE id = ?",
        word(state),
        rows,
        bounded(message),
        branch,
        now(),
        step);
    database.first(row -> work(row, rows), STEP_WORK, step).ifPresent(usage::note);
  }

  private static Work work(ResultSet row, long rows) throws SQLException {
    boolean upkeep = row.getString(1).equals(word(Kind.UPKEEP));
    return new Work(
        upkeep ? Usage.Kind.UPKEEP : Usage.Kind.BUILD,
        row.getString(2),
        rows,
        Duration.of(row.getLong(3), ChronoUnit.MICROS),
        0);
  }

  void endRun(long run, State state, String message) {
    database.write(
        "UPDATE runs SET state = ?, message = ?, ended_micros = ? WHERE id = ?",
        word(state),
        bounded(message),
        now(),
        run);
  }

  private static Run run(ResultSet row, List<Step> steps) throws SQLException {
    return new Run(
        row.getLong("id"),
        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("what"),
        row.getString("why"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("message"),
        MetadataTables.instant(row.getLong("started_micros")),
        MetadataTables.time(row, "ended_micros"),
        steps);
  }

  private static Step step(ResultSet row) throws SQLException {
    return new Step(
        row.getLong("id"),
        row.getLong("run"),
        row.getString("table_name"),
        MetadataTables.interval(row),
        row.getInt("intervals"),
        row.getInt("attempt"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getLong("rows"),
        row.getString("message"),
        row.getString("branch"),
        MetadataTables.instant(row.getLong("started_micros")),
        MetadataTables.time(row, "ended_micros"));
  }

  private long now() {
    return MetadataTables.micros(clock.instant());
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String bounded(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }

  @Override
  public void close() {
    database.close();
  }
}
