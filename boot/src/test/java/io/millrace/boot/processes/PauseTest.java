package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PauseTest {

  private static final Duration SOON = Duration.ofSeconds(2);
  private final Pause pause = new Pause();

  @Test
  void doublesUpToHalfAMinute() {
    assertThat(Stream.generate(() -> pause.after(SOON).toMillis()).limit(8))
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void beginsAnewOnceTheProcessWasWell() {
    Stream.generate(() -> pause.after(SOON)).limit(5).forEach(it -> {});

    assertThat(pause.after(Duration.ofMinutes(1))).isEqualTo(Duration.ofMillis(500));
    assertThat(pause.after(SOON)).isEqualTo(Duration.ofSeconds(1));
  }
}
