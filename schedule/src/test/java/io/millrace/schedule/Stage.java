package io.millrace.schedule;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A scheduler over a real ledger and a warehouse in memory, with a clock that is set by hand. */
final class Stage implements AutoCloseable {

  final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-02-01T00:00:00Z"));
  final AtomicReference<Double> load = new AtomicReference<>(0.0);
  final AtomicReference<Optional<String>> busy = new AtomicReference<>(Optional.empty());
  final Map<TableName, String> unfit = new ConcurrentHashMap<>();
  final StandInWarehouse warehouse;
  final Books books;
  final Scheduler scheduler;

  Stage(Path file, Project project) {
    this(file, project, new StandInWarehouse(project));
  }

  Stage(Path file, Project project, StandInWarehouse warehouse) {
    this.warehouse = warehouse;
    this.books = Books.open(file, clock::get);
    this.scheduler =
        new Scheduler(
            project,
            warehouse,
            books,
            clock::get,
            new Surroundings(
                load::get,
                busy::get,
                table -> Optional.ofNullable(unfit.get(table)),
                Duration.ofMillis(5)));
  }

  /** Runs by hand and waits for the end. */
  Run run(Request request) {
    return scheduler.run(request).end().join();
  }

  Run run(TableName... tables) {
    return run(Request.of(List.of(tables), "asked for"));
  }

  /** Looks at the clock until nothing more happens at this time. */
  void tickUntilQuiet() {
    int before;
    do {
      before = warehouse.builds.size();
      scheduler.tick();
      Awaitility.await().pollInterval(Duration.ofMillis(2)).until(scheduler::isQuiet);
    } while (warehouse.builds.size() > before);
  }

  void passes(Duration time) {
    clock.updateAndGet(now -> now.plus(time));
  }

  /** How many intervals of a table are in each state: {@code {DONE=3}}. */
  String counts(TableName table) {
    return String.valueOf(books.ledger().counts().getOrDefault(table, Map.of()));
  }

  /** Table, intervals and state of each step: {@code silver.orders 3 done}. */
  static List<String> steps(Run run) {
    return run.steps().stream()
        .map(it -> it.table() + " " + it.intervals() + " " + Runs.word(it.state()))
        .collect(Collectors.toList());
  }

  static MillraceException diskFull() {
    return MillraceException.world("Cannot write silver.orders: the disk is full");
  }

  @Override
  public void close() {
    scheduler.close();
    books.close();
  }
}
