package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private final List<String> heard = new ArrayList<>();
  private final Breaker breaker =
      new Breaker(
          new Breaker.Limits(3, Duration.ofSeconds(1), Duration.ofSeconds(3)),
          () -> now,
          new Breaker.Listener() {
            @Override
            public void opened(String cause) {
              heard.add("opened: " + cause);
            }

            @Override
            public void closed() {
              heard.add("closed");
            }
          });

  private void fails(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed("no answer");
    }
  }

  private void passes(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void opensAfterFailuresInARow() {
    fails(2);
    breaker.succeeded();
    fails(2);
    assertThat(breaker.toWait()).isZero();
    assertThat(heard).isEmpty();

    fails(1);
    assertThat(breaker.toWait()).isEqualTo(Duration.ofSeconds(1));
    assertThat(heard).containsExactly("opened: no answer");
  }

  @Test
  void letsOneCallTryAfterPausesThatGrow() {
    fails(3);
    for (int pause : List.of(1, 2, 3, 3)) {
      assertThat(breaker.toWait()).isEqualTo(Duration.ofSeconds(pause));
      passes(pause);
      assertThat(breaker.toWait()).isZero();
      assertThat(breaker.toWait()).as("one at a time").isPositive();
      fails(1);
    }
    assertThat(heard).hasSize(1);
  }

  @Test
  void closesWhenATrialSucceeds() {
    fails(3);
    passes(1);
    assertThat(breaker.toWait()).isZero();
    breaker.succeeded();
    assertThat(breaker.toWait()).isZero();
    assertThat(heard).containsExactly("opened: no answer", "closed");

    fails(3);
    assertThat(breaker.toWait()).as("pauses begin anew").isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void letsAnotherTryIfATrialSaysNothing() {
    fails(3);
    passes(1);
    assertThat(breaker.toWait()).isZero();
    passes(3);
    assertThat(breaker.toWait()).isZero();
  }
}
