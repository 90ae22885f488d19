package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Usage;
import io.millrace.core.Usage.Kind;
import io.millrace.core.Usage.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

  private Usage open() {
    return Usage.open(directory.resolve("metadata.db"), now::get);
  }

  private static Work query(String name, long times, long seconds) {
    return new Work(Kind.QUERY, name, times, Duration.ofSeconds(seconds), 0);
  }

  @Test
  void addsUpWhatWasDoneSinceAnHourBegan() {
    try (Usage usage = open()) {
      assertThat(usage.first(Instant.EPOCH)).isEmpty();
      usage.note(query("a", 1, 2));
      usage.note(new Work(Kind.COLLECT, "clicks", 10, Duration.ofMillis(3), 6_000));
      usage.note(query("a", 1, 3));
      usage.keep();

      now.set(NOON.plusSeconds(3600));
      usage.note(query("a", 1, 4));

      assertThat(usage.since(NOON.plusSeconds(3599)))
          .containsExactly(
              new Work(Kind.COLLECT, "clicks", 10, Duration.ofMillis(3), 6_000), query("a", 3, 9));
      assertThat(usage.since(NOON.plusSeconds(3600))).containsExactly(query("a", 1, 4));
      assertThat(usage.first(Instant.EPOCH)).contains(NOON);
      assertThat(usage.first(NOON.plusSeconds(3600))).contains(NOON.plusSeconds(3600));
    }
  }

  @Test
  void keepsWhatWasNotedWhenItClosesAndForgetsWhatIsOld() {
    try (Usage usage = open()) {
      usage.note(query("a", 1, 2));
    }
    now.set(NOON.plus(Duration.ofDays(62)));
    try (Usage usage = open()) {
      assertThat(usage.since(Instant.EPOCH)).containsExactly(query("a", 1, 2));
    }
    now.set(NOON.plus(Duration.ofDays(63)));
    try (Usage usage = open()) {
      assertThat(usage.since(Instant.EPOCH)).isEmpty();
    }
  }

  /** Another server, or the same, tells of a process that was told of before. */
  @Test
  void countsTheTimeOfAProcessOnceAndFromItsStart() {
    Usage.Running stream = new Usage.Running("stream", 7, NOON, Duration.ofSeconds(40));
    try (Usage usage = open()) {
      usage.keepProcesses(List.of(stream));
    }
    try (Usage usage = open()) {
      usage.keepProcesses(
          List.of(
              new Usage.Running("stream", 7, NOON.plusSeconds(1), Duration.ofSeconds(41)),
              new Usage.Running("broker", 8, NOON, Duration.ofSeconds(2))));
      usage.keepProcesses(
          List.of(new Usage.Running("stream", 7, NOON.plusSeconds(60), Duration.ofSeconds(5))));

      assertThat(usage.since(NOON))
          .containsExactly(
              new Work(Kind.PROCESS, "broker", 0, Duration.ofSeconds(2), 0),
              new Work(Kind.PROCESS, "stream", 0, Duration.ofSeconds(46), 0));
    }
  }
}
