package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OffsetSetTest {

  private static final long FAR = 5_000_000_000L;

  private final OffsetSet set = new OffsetSet();

  @Test
  void tellsWhatWasThereAlready() {
    assertThat(set.add(FAR)).isTrue();
    assertThat(set.add(FAR)).isFalse();
    assertThat(set.contains(FAR)).isTrue();
    assertThat(set.contains(FAR - 1)).isFalse();
    assertThat(set.size()).isEqualTo(1);
  }

  @Test
  void findsGapsAcrossCompleteStretches() {
    for (long offset = 0; offset < 200_000; offset++) {
      if (offset != 150_000) {
        set.add(offset);
      }
    }

    assertThat(set.nextAbsent(0)).isEqualTo(150_000);
    assertThat(set.nextAbsent(150_001)).isEqualTo(200_000);
    assertThat(set.nextPresent(150_000, 200_000)).isEqualTo(150_001);
    assertThat(set.nextPresent(200_000, 900_000)).isEqualTo(900_000);
    assertThat(set.add(3)).isFalse();
  }
}
