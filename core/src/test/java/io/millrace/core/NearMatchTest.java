package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearMatchTest {

  private static final List<String> LAYERS = List.of("bronze", "silver", "gold");

  @Test
  void countsASwapOfNeighboursAsOneStep() {
    assertThat(NearMatch.distance("string", "strign")).isEqualTo(1);
    assertThat(NearMatch.distance("string", "strng")).isEqualTo(1);
    assertThat(NearMatch.distance("", "abc")).isEqualTo(3);
    assertThat(NearMatch.distance("clicks", "orders")).isEqualTo(5);
  }

  @Test
  void findsTheNearestWordWhateverTheCase() {
    assertThat(NearMatch.among(LAYERS, "sliver")).contains("silver");
    assertThat(NearMatch.among(LAYERS, "GOLD")).contains("gold");
  }

  @Test
  void offersNothingThatIsFar() {
    assertThat(NearMatch.among(LAYERS, "marts")).isEmpty();
    assertThat(NearMatch.among(LAYERS, "x".repeat(1_000_000))).isEmpty();
  }

  @Test
  void saysWhatThereIsWhenNothingIsNear() {
    assertThat(NearMatch.remedy(LAYERS, "sliver")).isEqualTo("did you mean 'silver'?");
    assertThat(NearMatch.remedy(LAYERS, "marts")).isEqualTo("use one of bronze, silver, gold");
    assertThat(NearMatch.remedy(List.of(), "marts")).isEqualTo("there are none");
    List<String> many = IntStream.range(0, 23).mapToObj(i -> "t" + (100 + i)).toList();
    assertThat(NearMatch.remedy(many, "clicks")).endsWith(", t118, t119 and 3 more");
  }
}
