package io.millrace.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.quality.Skew.Heavy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeavyHittersTest {

  private final HeavyHitters hitters = new HeavyHitters();

  @Test
  void namesTheValueThatHasAThirdOfTheRowsAndWhatItCosts() {
    for (int i = 0; i < 3_000; i++) {
      hitters.add(Optional.of(i % 3 == 0 ? "robot" : "visitor " + i));
    }

    Skew skew = hitters.find(5);

    assertThat(skew.heavy().get(0)).isEqualTo(new Heavy(Optional.of("robot"), 1_000, 1_000));
    assertThat(skew.isSkewed()).isTrue();
    assertThat(skew.fastest()).isEqualTo(3);
    assertThat(skew.advice("visitor_id"))
        .hasSize(4)
        .first()
        .asString()
        .startsWith("Work that is shared by visitor_id is at most 3.0 times as fast as one task");
  }

  @Test
  void rowsWithoutAValueAreOneHeavyValue() {
    for (int i = 0; i < 100; i++) {
      hitters.add(i < 60 ? Optional.empty() : Optional.of("v" + i));
    }

    Skew skew = hitters.find(3);

    assertThat(skew.heavy().get(0)).isEqualTo(new Heavy(Optional.empty(), 60, 60));
    assertThat(skew.advice("user_id")).last().asString().startsWith("Rows without a value");
  }

  @Test
  void nothingIsSaidOfColumnsWhoseRowsFallEvenlyOrThatHaveNone() {
    assertThat(hitters.find(3).advice("any")).isEmpty();
    for (int i = 0; i < 10_000; i++) {
      hitters.add(Optional.of("v" + i % 1_000));
    }
    assertThat(hitters.find(3).isSkewed()).isFalse();
    assertThat(hitters.find(3).heavy()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void boundsHoldTheTruthThoughThereAreFarMoreValuesThanCounters() {
    SplittableRandom dice = new SplittableRandom(7);
    Map<String, Long> truth = new HashMap<>();
    for (int i = 0; i < 500_000; i++) {
      // A few common values, and a tail of hundreds of thousands.
      String value = "v" + (long) (300_000 * Math.pow(dice.nextDouble(), 6));
      truth.merge(value, 1L, Long::sum);
      hitters.add(Optional.of(value));
    }

    Skew skew = hitters.find(1_000);

    assertThat(skew.maxError()).isLessThan(skew.rows() / 1_000);
    for (Heavy heavy : skew.heavy()) {
      assertThat(truth.get(heavy.value().orElseThrow())).isBetween(heavy.atLeast(), heavy.atMost());
    }
    truth.forEach(
        (value, count) -> {
          if (count > 2 * skew.maxError()) {
            assertThat(skew.heavy()).extracting(Heavy::value).contains(Optional.of(value));
          }
        });
    assertThat((double) skew.values()).isBetween(truth.size() * 0.95, truth.size() * 1.05);
  }
}
