package io.millrace.boot.processes;

import io.millrace.boot.processes.Island.First;
import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps one process running: starts it, waits for its end, and starts it again, after a pause that
 * grows while it keeps dying.
 */
final class Keeper {

  static final long LOG_BYTES = 10 << 20;
  static final int OLDER_LOGS = 4;
  private static final long DISK_FULL_BYTES = 64 << 20;
  private static final Duration WARM = Duration.ofSeconds(20);
  private static final Duration PROBE_EVERY = Duration.ofMillis(100);
  private static final Duration ROOM_EVERY = Duration.ofMillis(500);

  /** Whoever has lasted so long has memory enough, until more comes in. */
  private static final Duration LASTING = Duration.ofHours(1);

  private final Island island;
  private final DataDirectory data;
  private final Clock clock;
  private final Consumer<ProcessState> board;
  private final Consumer<String> say;
  private final RotatedLog log;
  private final MemoryIncident memory;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  private volatile Process process;
  private int restarts;

  /**
   * @param board told of each change of the process's state
   * @param say told in a sentence what a person should know
   */
  Keeper(
      Island island,
      DataDirectory data,
      Clock clock,
      Consumer<ProcessState> board,
      Consumer<String> say) {
    this.island = island;
    this.data = data;
    this.clock = clock;
    this.board = board;
    this.say = say;
    this.log = new RotatedLog(data.log(island.name()), LOG_BYTES, OLDER_LOGS);
    this.memory = new MemoryIncident(island.name(), data, clock, say);
    this.thread = new Thread(this::keep, "keep-" + island.name());
  }

  void start() {
    thread.start();
  }

  /** Asks the process to end; {@link #end} waits for it. */
  void stop() {
    stopping.countDown();
    closeInput(process);
  }

  /** Waits for the process to end and ends it by force at the deadline. */
  void end(Instant deadline) throws InterruptedException {
    thread.join(Math.max(1, Duration.between(clock.instant(), deadline).toMillis()));
    Process running = process;
    if (running != null && running.isAlive()) {
      say.accept("The %s does not end by itself; it is killed.".formatted(island.name()));
      running.destroyForcibly();
    }
    thread.join();
  }

  private void keep() {
    Pause pause = new Pause();
    // It may have been given more since.
    memory.end();
    try {
      while (awaitRoom()) {
        Instant started = clock.instant();
        String end = runOnce();
        if (stopping.getCount() == 0) {
          return;
        }
        Duration next = pause.after(Duration.between(started, clock.instant()));
        show(State.DOWN);
        say.accept(
            "The %s %s; it starts again in %.1f s (%s)."
                .formatted(island.name(), end, next.toMillis() / 1000.0, whereToLook()));
        restarts++;
        if (stopping.await(next.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until there is as much room as the process needs; false if it is to stop. */
  private boolean awaitRoom() throws InterruptedException {
    if (!hasRoom()) {
      say.accept(
          "The %s starts when there is room: to recover what it has it needs %d MB, and %d MB of '%s' are free."
              .formatted(island.name(), island.roomBytes() >> 20, freeBytes() >> 20, data.root()));
    }
    while (!hasRoom()) {
      if (stopping.await(ROOM_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasRoom() {
    return freeBytes() >= island.roomBytes();
  }

  /** Runs the process to its end and says how it ended. */
  private String runOnce() throws InterruptedException {
    try {
      emptied(data.temporary(island.name()));
      if (island.first().isPresent() && !Files.exists(island.first().get().makes())) {
        First first = island.first().get();
        int exit = run(first.command());
        if (exit != 0) {
          return "could not make '%s' (exit code %d)".formatted(first.makes(), exit);
        }
      }
      return ended(run(island.command().get()));
    } catch (IOException e) {
      return "could not be started: " + e.getMessage();
    } finally {
      process = null;
    }
  }

  private String ended(int exit) {
    if (exit != Islands.OUT_OF_MEMORY) {
      return "ended with exit code " + exit;
    }
    String end = "ran out of memory: " + island.moreMemory();
    memory.begin(end);
    return end;
  }

  private int run(List<String> command) throws IOException, InterruptedException {
    Process started =
        new ProcessBuilder(command)
            .directory(data.root().toFile())
            .redirectErrorStream(true)
            .start();
    process = started;
    if (stopping.getCount() == 0) {
      closeInput(started);
    }
    show(State.STARTING);
    Daemons.thread("log-" + island.name(), () -> pump(started)).start();
    while (!started.waitFor(PROBE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      if (listens()) {
        show(State.RUNNING);
        return runningOn(started);
      }
    }
    return started.exitValue();
  }

  /** By then it has loaded most classes that it ever will. */
  private int runningOn(Process started) throws InterruptedException {
    if (!started.waitFor(WARM.toMillis(), TimeUnit.MILLISECONDS)
        && !island.classes().isUpToDate()) {
      island.classes().write(started);
    }
    if (!started.waitFor(LASTING.toMillis(), TimeUnit.MILLISECONDS)) {
      memory.end();
    }
    return started.waitFor();
  }

  private void pump(Process started) {
    try {
      log.take(started.getInputStream());
    } catch (IOException e) {
      // The pipe of a process that was killed; what it said until then is in the log.
    }
  }

  private void show(State state) {
    Process running = process;
    long pid = running == null ? 0 : running.pid();
    board.accept(new ProcessState(island.name(), state, pid, restarts, clock.instant()));
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), island.port()), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String whereToLook() {
    return freeBytes() < DISK_FULL_BYTES
        ? "the disk of '%s' is full: %d MB left".formatted(data.root(), freeBytes() >> 20)
        : "see " + data.log(island.name());
  }

  private long freeBytes() {
    return data.root().toFile().getUsableSpace();
  }

  private static void closeInput(Process running) {
    if (running != null) {
      try {
        running.getOutputStream().close();
      } catch (IOException e) {
        // It has ended already.
      }
    }
  }

  /** A killed Java leaves native libraries in its temporary folder. */
  static void emptied(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path it : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(it);
      }
    } catch (NoSuchFileException e) {
      // It is made below.
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Files.createDirectories(folder);
  }
}
