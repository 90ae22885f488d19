package io.millrace.schedule;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import io.millrace.schedule.Run.Kind;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What passes share that run at the same time: who builds which table, and how many build. */
final class Workplace {

  final Project project;
  final Warehouse warehouse;
  final Books books;
  final InstantSource clock;
  final Slots slots;
  final Upstream upstream;
  final Surroundings surroundings;
  final Map<Long, LiveRun> running = new ConcurrentHashMap<>();

  /** Held by a pass that is to be the only one of its kind; in the order of asking. */
  final ReentrantLock passes = new ReentrantLock(true);

  private volatile boolean closing;
  private final Map<TableName, ReentrantLock> locks = new ConcurrentHashMap<>();

  Workplace(
      Project project,
      Warehouse warehouse,
      Books books,
      InstantSource clock,
      Surroundings surroundings) {
    this.project = project;
    this.warehouse = warehouse;
    this.books = books;
    this.clock = clock;
    this.surroundings = surroundings;
    this.upstream = new Upstream(project);
    this.slots = new Slots(project.settings().buildParallelism());
  }

  /** Why a table may not be built from what it reads now. */
  Optional<String> unfit(TableName table) {
    return upstream.of(table).stream()
        .flatMap(read -> surroundings.unfit().apply(read).stream())
        .findFirst();
  }

  /** Has passes end before their next builds. */
  void close(String reason) {
    closing = true;
    running.values().forEach(run -> run.stop(reason));
  }

  boolean isClosing() {
    return closing;
  }

  /** Waits for a tick of the clock. */
  void pause() {
    try {
      Thread.sleep(surroundings.tick().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot go on: interrupted", e);
    }
  }

  LiveRun run(Kind kind, String what, String why) {
    return new LiveRun(books.runs(), running, kind, what, why);
  }

  /** Fair, so that a pass with many builds lets others between them. */
  ReentrantLock lock(TableName table) {
    return locks.computeIfAbsent(table, key -> new ReentrantLock(true));
  }
}
