package io.millrace.engine;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * A DuckDB in memory, with a limit on all it uses and a folder of its own for what does not fit
 * into memory. Closing ends what runs in it. For one thread, but for {@link #stop}.
 */
final class DuckDbSession implements AutoCloseable {

  /** More than there are queries, builds and rewrites at one time. */
  private static final int SPILLERS = 8;

  private final Task task;
  private final Limits limits;
  private final Path spill;
  private final ScheduledExecutorService timer;
  private final DuckDBConnection connection;
  private volatile Statement running;
  private Future<?> deadline;
  private volatile boolean timedOut;
  private volatile boolean stopped;

  private DuckDbSession(
      Task task,
      Limits limits,
      Path spill,
      ScheduledExecutorService timer,
      DuckDBConnection connection) {
    this.task = task;
    this.limits = limits;
    this.spill = spill;
    this.timer = timer;
    this.connection = connection;
  }

  /**
   * Opens a DuckDB that may still read every file, until it is locked.
   *
   * @param temporary where it makes its folder; made if it is not there
   */
  static DuckDbSession open(
      Task task, Limits limits, Path temporary, ScheduledExecutorService timer) {
    Path spill = temporary.resolve(UUID.randomUUID().toString());
    try {
      DuckDBConnection connection =
          DriverManager.getConnection(
                  "jdbc:duckdb:", settings(limits, spill, spillBytes(temporary)))
              .unwrap(DuckDBConnection.class);
      DuckDbSession session = new DuckDbSession(task, limits, spill, timer, connection);
      session.run("SET TimeZone = 'UTC'");
      // What it reads ahead of files it cannot give back: beside that, grouping 38 million ids of
      // some thousand files ran out of 512 MB once in four times, and without it never, in less
      // time.
      session.run("SET disable_parquet_prefetching = true");
      return session;
    } catch (SQLException e) {
      throw MillraceException.us("Cannot start DuckDB: " + e.getMessage(), e);
    }
  }

  /** Of what is free, so much that all which run at one time leave room for those who write. */
  static long spillBytes(Path temporary) {
    try {
      return Files.getFileStore(Files.createDirectories(temporary)).getUsableSpace() / SPILLERS;
    } catch (IOException e) {
      throw MillraceException.world("Cannot use %s: %s".formatted(temporary, e), e);
    }
  }

  private static Properties settings(Limits limits, Path spill, long spillBytes) {
    Properties settings = new Properties();
    settings.setProperty("memory_limit", limits.memoryBytes() + "B");
    settings.setProperty("threads", Integer.toString(limits.threads()));
    settings.setProperty("temp_directory", spill.toString());
    settings.setProperty("max_temp_directory_size", spillBytes + "B");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    return settings;
  }

  /** These files stay readable, and one folder can be written; nothing else, from here on. */
  void lock(List<String> files, Optional<Path> output) throws SQLException {
    // A folder is allowed with what is in it, but not itself.
    List<String> paths = new ArrayList<>(files);
    output.ifPresent(folder -> paths.add(folder.toString()));
    run("SET allowed_paths = [" + Quoted.texts(paths) + "]");
    if (output.isPresent()) {
      run("SET allowed_directories = [" + Quoted.text(output.get().toString()) + "]");
    }
    run("SET enable_external_access = false");
    run("SET lock_configuration = true");
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** Runs a statement that has no rows to show, within the time limit. */
  void run(String sql) throws SQLException {
    startClock();
    try (Statement statement = statement()) {
      statement.execute(sql);
    } finally {
      stopClock();
    }
  }

  /** A statement that is cancelled when the time is over or the session is stopped. */
  Statement statement() throws SQLException {
    running = connection.createStatement();
    return running;
  }

  void startClock() {
    timedOut = false;
    deadline =
        timer.schedule(
            () -> {
              timedOut = true;
              cancel();
            },
            limits.timeout().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  void stopClock() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  /** Ends what runs, from any thread. */
  void stop() {
    stopped = true;
    cancel();
  }

  private void cancel() {
    try {
      Statement statement = running;
      // A statement that failed has been closed by DuckDB.
      if (statement != null && !statement.isClosed()) {
        statement.cancel();
      }
    } catch (SQLException e) {
      // It has ended by itself.
    }
  }

  /** Whether what runs has been told to end, so that what it gives may be cut off. */
  boolean ended() {
    return timedOut || stopped;
  }

  MillraceException failure(SQLException e) {
    return failure(e, Task.reason(e));
  }

  /**
   * Why a statement of this session failed.
   *
   * @param reason what the error says, with its place
   */
  MillraceException failure(SQLException e, String reason) {
    if (timedOut) {
      return task.tookTooLong(limits, e);
    }
    return stopped ? task.stopped(e) : task.failed(e, reason, limits);
  }

  @Override
  public void close() {
    stopClock();
    cancel();
    try {
      // Also closes what was opened on it.
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.us("Cannot close DuckDB: " + e.getMessage(), e);
    } finally {
      deleteFolder(spill);
    }
  }

  static void deleteFolder(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(DuckDbSession::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot empty " + folder, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file, e);
    }
  }
}
