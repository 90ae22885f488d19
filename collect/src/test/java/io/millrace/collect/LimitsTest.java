package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void letsALargeRequestPassAndTheNextOnesPayForIt() {
    Allowance allowance = new Allowance(10, 0);
    assertThat(allowance.take(30, 0)).isZero();
    assertThat(allowance.take(1, 0)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_001));
    assertThat(allowance.take(1, SECOND)).isPositive();
    assertThat(allowance.take(1, 2 * SECOND + 1_000)).isZero();
  }

  @Test
  void savesNoMoreThanOneSecondsWorth() {
    Allowance allowance = new Allowance(10, 0);
    assertThat(allowance.take(10, 100 * SECOND)).isZero();
    assertThat(allowance.take(1, 100 * SECOND)).isPositive();
  }

  @Test
  void refusesARequestBeyondTheBoundAndTakesOneAgainWhenAnotherIsDone() {
    InFlight inFlight = new InFlight(2, 100);
    InFlight.Share first = inFlight.enter();
    inFlight.enter().hold(60);
    assertThatThrownBy(inFlight::enter)
        .isInstanceOf(Refused.class)
        .hasMessage(
            "Cannot take the events now: 2 requests are being handled; send them again later");
    assertThatThrownBy(() -> first.hold(41))
        .hasMessage(
            "Cannot take the events now: 60 bytes of others wait for Kafka; send them again later");
    first.hold(40);
    first.close();
    assertThat(inFlight.requests()).isEqualTo(1);
    assertThat(inFlight.bytes()).isEqualTo(60);
  }
}
