package io.millrace.core;

import io.millrace.core.MetadataTables.Statements;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What work took, hour by hour, kept in the metadata database. Work belongs to the hour in which it
 * is kept. Threads may share it.
 */
public final class Usage implements AutoCloseable {

  /** Nobody asks about what is older. */
  private static final Duration KEPT = Duration.ofDays(62);

  private static final String ADD =
      "INSERT INTO usage (hour_micros, kind, name, times, busy_micros, bytes)"
          + " VALUES (?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (hour_micros, kind, name) DO UPDATE SET times = times + excluded.times,"
          + " busy_micros = busy_micros + excluded.busy_micros, bytes = bytes + excluded.bytes";

  private static final String SINCE =
      "SELECT kind, name, sum(times), sum(busy_micros), sum(bytes) FROM usage"
          + " WHERE hour_micros >= ? GROUP BY kind, name ORDER BY kind, name";

  /** The same process may seem to have started a second earlier or later: clocks are set. */
  private static final String COUNTED =
      "SELECT cpu_micros FROM usage_processes WHERE pid = ? AND abs(started_micros - ?) < 5e6";

  private static final String COUNT =
      "INSERT OR REPLACE INTO usage_processes (pid, started_micros, cpu_micros) VALUES (?, ?, ?)";

  /** Of what kind the work is. */
  public enum Kind {
    /** A process; busy is its processor time. */
    PROCESS,
    /** The collector's for a stream; busy is processor time. */
    COLLECT,
    /** A build of a table; busy is from its start to its end. */
    BUILD,
    /** A chore of upkeep; busy is from its start to its end, pauses included. */
    UPKEEP,
    /** A query; busy is from its start to its last row. */
    QUERY
  }

  /**
   * Work that was done.
   *
   * @param name of the process, the stream, the table or the query
   * @param times events, rows or queries
   * @param bytes that came in
   */
  public record Work(Kind kind, String name, long times, Duration busy, long bytes) {}

  /**
   * A process as it is now.
   *
   * @param started with which its number names it among all that ever ran; to about a second
   * @param cpu since then
   */
  public record Running(String name, long pid, Instant started, Duration cpu) {}

  private final MetadataTables tables;
  private final InstantSource clock;
  private final Queue<Work> noted = new ConcurrentLinkedQueue<>();

  private Usage(MetadataTables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * Opens it, making its table if there is none.
   *
   * @param metadata the metadata database
   */
  public static Usage open(Path metadata, InstantSource clock) {
    Usage usage =
        new Usage(MetadataTables.open(metadata, "the usage", Usage.class, "usage.sql"), clock);
    usage.tables.write(
        "DELETE FROM usage WHERE hour_micros < ?", hour(clock.instant().minus(KEPT)));
    return usage;
  }

  /** Remembers work, which costs next to nothing, until it is kept. */
  public void note(Work done) {
    noted.add(done);
  }

  /** Keeps what processes have used since they were last told of, by whomever. */
  public void keepProcesses(List<Running> running) {
    long hour = hour(clock.instant());
    tables.together(
        it -> {
          for (Running process : running) {
            long started = MetadataTables.micros(process.started());
            long cpu = process.cpu().toNanos() / 1_000;
            long counted =
                it.first(row -> row.getLong(1), COUNTED, process.pid(), started).orElse(0L);
            it.update(COUNT, process.pid(), started, cpu);
            Duration more = Duration.of(cpu - counted, ChronoUnit.MICROS);
            add(it, hour, new Work(Kind.PROCESS, process.name(), 0, more, 0));
          }
        });
  }

  /** Keeps what was noted. */
  public void keep() {
    List<Work> done = new ArrayList<>();
    for (Work work = noted.poll(); work != null; work = noted.poll()) {
      done.add(work);
    }
    if (!done.isEmpty()) {
      keep(done);
    }
  }

  private void keep(List<Work> done) {
    long hour = hour(clock.instant());
    tables.together(
        it -> {
          for (Work work : done) {
            add(it, hour, work);
          }
        });
  }

  private static void add(Statements statements, long hour, Work work) throws SQLException {
    statements.update(
        ADD,
        hour,
        work.kind().name().toLowerCase(Locale.ROOT),
        work.name(),
        work.times(),
        work.busy().toNanos() / 1_000,
        work.bytes());
  }

  /** When the first hour since another began in which anything was done. */
  public Optional<Instant> first(Instant from) {
    keep();
    return tables.first(
        row -> MetadataTables.instant(row.getLong(1)),
        "SELECT hour_micros FROM usage WHERE hour_micros >= ? ORDER BY hour_micros LIMIT 1",
        hour(from));
  }

  /** What was done since the beginning of an hour, summed up by kind and name. */
  public List<Work> since(Instant from) {
    keep();
    return tables.select(Usage::work, SINCE, hour(from));
  }

  private static long hour(Instant at) {
    return MetadataTables.micros(at.truncatedTo(ChronoUnit.HOURS));
  }

  private static Work work(ResultSet row) throws SQLException {
    return new Work(
        Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
        row.getString(2),
        row.getLong(3),
        Duration.of(row.getLong(4), ChronoUnit.MICROS),
        row.getLong(5));
  }

  @Override
  public void close() {
    keep();
    tables.close();
  }
}
