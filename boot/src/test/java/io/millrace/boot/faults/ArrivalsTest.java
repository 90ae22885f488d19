package io.millrace.boot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private final Arrivals arrivals = new Arrivals();

  @Test
  void theOldestEventThatIsMissingSaysHowLongItWaits() {
    arrivals.acknowledged(10, 100);
    arrivals.acknowledged(10, 200);
    arrivals.acknowledged(10, 300);

    assertThat(arrivals.waitedNanos(0, 350)).isEqualTo(250);
    assertThat(arrivals.waitedNanos(10, 350)).isEqualTo(150);
    assertThat(arrivals.waitedNanos(19, 350)).isEqualTo(150);
    assertThat(arrivals.waitedNanos(20, 360)).isEqualTo(60);
    assertThat(arrivals.waitedNanos(30, 360)).isZero();
  }
}
