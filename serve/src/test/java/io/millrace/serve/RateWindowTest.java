package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateWindowTest {

  private static final long SECOND = 1_000_000_000L;

  private final RateWindow window = new RateWindow(List.of("clicks"));

  @Test
  void givesEachSecondTheGrowthOfItsCounter() {
    read(0, 100);
    read(1, 150);
    read(2, 150);

    assertThat(latest(3)).containsExactly(null, 50.0, 0.0);
    assertThat(window.now("clicks")).isEqualTo(25.0);
  }

  @Test
  void spreadsGrowthOverTheSecondsThatWereMissed() {
    read(0, 100);
    window.miss();
    read(2, 150);

    assertThat(latest(3)).containsExactly(null, null, 25.0);
  }

  @Test
  void takesACounterThatFellAsOneThatStartedAnew() {
    read(0, 100);
    read(1, 30);

    assertThat(latest(1)).containsExactly(30.0);
  }

  @Test
  void knowsNoRateBeforeTheSecondReading() {
    assertThat(window.points("clicks")).hasSize(RateWindow.POINTS).containsOnlyNulls();
    assertThat(window.now("clicks")).isZero();
  }

  @Test
  void keepsTheLastTwoMinutes() {
    for (int second = 0; second <= 200; second++) {
      read(second, 10.0 * second);
    }

    assertThat(window.points("clicks")).hasSize(RateWindow.POINTS).containsOnly(10.0);
  }

  private void read(long second, double total) {
    window.read(second * SECOND, Map.of("clicks", total));
  }

  private List<Double> latest(int points) {
    List<Double> all = window.points("clicks");
    return all.subList(all.size() - points, all.size());
  }
}
