package io.millrace.schedule;

import io.millrace.core.MetadataTables;
import io.millrace.core.TableName;
import io.millrace.schedule.Backfill.Wish;
import io.millrace.schedule.Run.State;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backfills that were asked for, kept so that they go on after a restart. */
public final class Backfills implements AutoCloseable {

  private final MetadataTables database;
  private final InstantSource clock;

  private Backfills(MetadataTables database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Opens the table {@code backfills}, making it if there is none.
   *
   * @param metadata the metadata database
   */
  public static Backfills open(Path metadata, InstantSource clock) {
    return new Backfills(
        MetadataTables.open(metadata, "the backfills", Backfills.class, "backfills.sql"), clock);
  }

  /** The newest, newest first. */
  public List<Backfill> recent(int limit) {
    return select("1 = 1", limit);
  }

  public Optional<Backfill> find(long id) {
    return select("id = " + id, 1).stream().findFirst();
  }

  /** Those that are not done, oldest first. */
  List<Backfill> running() {
    List<Backfill> running = select("state = 'running'", Integer.MAX_VALUE);
    Collections.reverse(running);
    return running;
  }

  private List<Backfill> select(String where, int limit) {
    return database.select(
        this::backfill,
        "SELECT * FROM backfills WHERE " + where + " ORDER BY id DESC LIMIT ?",
        limit);
  }

  private Backfill backfill(ResultSet row) throws SQLException {
    Instant resumed = MetadataTables.instant(row.getLong("resumed_micros"));
    Optional<Instant> ended = MetadataTables.time(row, "ended_micros");
    int done = row.getInt("done");
    int total = row.getInt("total");
    int sinceResumed = done - row.getInt("resumed_done");
    Duration worked = Duration.between(resumed, ended.orElseGet(clock::instant));
    State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
    boolean measured = sinceResumed > 0 && worked.toMillis() > 0;
    return new Backfill(
        row.getLong("id"),
        new Wish(
            tables(row.getString("tables")),
            MetadataTables.interval(row),
            row.getInt("max_parallel"),
            row.getDouble("max_load")),
        state,
        row.getString("message"),
        MetadataTables.number(row, "run"),
        done,
        total,
        MetadataTables.instant(row.getLong("started_micros")),
        ended,
        measured ? sinceResumed * 60_000.0 / worked.toMillis() : 0,
        Optional.of(worked)
            .filter(it -> measured && state == State.RUNNING)
            .map(it -> it.multipliedBy(total - done).dividedBy(sinceResumed)));
  }

  /** Keeps a new one, which is running from now on. */
  long add(Wish wish, int total) {
    return database.insert(
        "INSERT INTO backfills (tables, from_micros, to_micros, max_parallel, max_load, state,"
            + " message, marked, done, total, started_micros, resumed_micros, resumed_done)"
            + " VALUES (?, ?, ?, ?, ?, 'running', '', '', 0, ?, ?, ?, 0)",
        text(wish.tables()),
        MetadataTables.micros(wish.span().start()),
        MetadataTables.micros(wish.span().end()),
        wish.maxParallel(),
        wish.maxLoad(),
        total,
        now(),
        now());
  }

  /** Tables whose intervals have been wanted. */
  SortedSet<TableName> marked(long id) {
    return database
        .first(
            row -> tables(row.getString("marked")), "SELECT marked FROM backfills WHERE id = ?", id)
        .orElse(new TreeSet<>());
  }

  void mark(long id, TableName table) {
    database.write(
        "UPDATE backfills SET marked = marked || ' ' || ? WHERE id = ?", table.toString(), id);
  }

  private static String text(SortedSet<TableName> tables) {
    return tables.stream().map(TableName::toString).collect(Collectors.joining(" "));
  }

  private static SortedSet<TableName> tables(String text) {
    return Stream.of(text.split(" "))
        .filter(name -> !name.isEmpty())
        .map(TableName::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  void resumed(long id, long run) {
    database.write(
        "UPDATE backfills SET state = 'running', message = '', ended_micros = NULL, run = ?,"
            + " resumed_micros = ?, resumed_done = done WHERE id = ?",
        run,
        now(),
        id);
  }

  void progress(long id, int done, String message) {
    database.write("UPDATE backfills SET done = ?, message = ? WHERE id = ?", done, message, id);
  }

  void ended(long id, State state, String message) {
    database.write(
        "UPDATE backfills SET state = ?, message = ?, ended_micros = ? WHERE id = ?",
        Runs.word(state),
        message,
        now(),
        id);
  }

  private long now() {
    return MetadataTables.micros(clock.instant());
  }

  @Override
  public void close() {
    database.close();
  }
}
