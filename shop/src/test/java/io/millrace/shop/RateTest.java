package io.millrace.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateTest {

  private long nanos = 5;
  private final Rate rate = new Rate(100, () -> nanos);

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void hasNothingDueAtFirst() {
    assertThat(rate.take(10)).isZero();
    assertThat(rate.untilNext()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void givesWhatIsDueAndKeepsTheRest() {
    pass(Duration.ofMillis(55));

    assertThat(rate.take(3)).isEqualTo(3);
    assertThat(rate.untilNext()).isZero();
    assertThat(rate.take(10)).isEqualTo(2);
    assertThat(rate.untilNext()).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void catchesUpASecondsWorthAndNoMore() {
    pass(Duration.ofMinutes(5));

    assertThat(rate.take(1_000)).isEqualTo(100);
    assertThat(rate.take(1_000)).isZero();
  }
}
