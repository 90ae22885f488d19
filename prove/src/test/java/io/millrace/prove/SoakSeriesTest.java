package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prove.SoakSeries.Envelope;
import io.millrace.prove.SoakSeries.Judgement;
import io.millrace.prove.SoakSeries.Kind;
import io.millrace.prove.SoakSeries.Point;
import io.millrace.prove.SoakSeries.Verdict;
import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SoakSeriesTest {

  private static final int MINUTES = 60;

  /** An hour, a value each quarter of a minute. */
  private static Judgement judge(Kind kind, IntToDoubleFunction bySample) {
    return new SoakSeries(
            kind,
            "memory",
            "MB",
            IntStream.rangeClosed(0, 4 * MINUTES)
                .mapToObj(it -> new Point(Duration.ofSeconds(15L * it), bySample.applyAsDouble(it)))
                .toList())
        .judge();
  }

  private static Kind kept(Duration time) {
    return new Kind(Envelope.MIDDLE, time, 0.1, 0);
  }

  private static Kind saw(Envelope envelope) {
    return new Kind(envelope, Duration.ZERO, 0.1, 0);
  }

  @Test
  void whatRisesOnlyInTheBeginningIsFlat() {
    Judgement judged = judge(kept(Duration.ZERO), it -> Math.min(it, 60));

    assertThat(judged.verdict()).isEqualTo(Verdict.FLAT);
    assertThat(judged.level()).isEqualTo(60);
    assertThat(judged.growth()).isZero();
    assertThat(judged.from()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void aSlowLeakUnderNoiseGrows() {
    Random noise = new Random(7);

    Judgement judged =
        judge(kept(Duration.ZERO), it -> 500 + it / 240.0 * 200 + 40 * noise.nextGaussian());

    assertThat(judged.verdict()).isEqualTo(Verdict.GROWS);
    assertThat(judged.growth()).isCloseTo(100, Offset.offset(25.0));
  }

  @Test
  void noiseAndAFewOddValuesAreFlat() {
    Random noise = new Random(7);

    Judgement judged =
        judge(
            kept(Duration.ZERO),
            it -> (it > 220 && it % 7 == 0 ? 5_000 : 500) + 40 * noise.nextGaussian());

    assertThat(judged.verdict()).isEqualTo(Verdict.FLAT);
  }

  @Test
  void theTeethOfASawDoNotCount() {
    assertThat(judge(saw(Envelope.UPPER), it -> 100 + it % 9).verdict()).isEqualTo(Verdict.FLAT);
    assertThat(judge(saw(Envelope.LOWER), it -> 100 + it % 9).verdict()).isEqualTo(Verdict.FLAT);
  }

  @Test
  void aSawWhoseTeethGetHigherGrowsByItsUpperEnvelopeAlone() {
    IntToDoubleFunction higher = it -> 100 + (it % 9) * it / 20.0;

    assertThat(judge(saw(Envelope.UPPER), higher).verdict()).isEqualTo(Verdict.GROWS);
    assertThat(judge(saw(Envelope.LOWER), higher).verdict()).isEqualTo(Verdict.FLAT);
  }

  @Test
  void whatIsKeptForAWindowIsJudgedOnceTheWindowIsFull() {
    Judgement judged = judge(kept(Duration.ofMinutes(40)), it -> Math.min(it, 160));

    assertThat(judged.from()).isEqualTo(Duration.ofMinutes(40));
    assertThat(judged.verdict()).isEqualTo(Verdict.FLAT);
    assertThat(judge(kept(Duration.ZERO), it -> Math.min(it, 160)).verdict())
        .isEqualTo(Verdict.GROWS);
  }

  @Test
  void whatIsKeptForLongerThanTheRunMayFillAtOneSpeed() {
    assertThat(judge(kept(Kind.EVER), it -> 10.0 * it).verdict()).isEqualTo(Verdict.FILLS);
    assertThat(judge(kept(Kind.EVER), it -> (double) it * it).verdict()).isEqualTo(Verdict.GROWS);
  }

  @Test
  void growthBelowTheSlackIsFlat() {
    Kind kind = new Kind(Envelope.UPPER, Duration.ZERO, 0, 3);

    assertThat(judge(kind, it -> 20 + it / 60).verdict()).isEqualTo(Verdict.FLAT);
    assertThat(judge(kind, it -> 20 + it / 10).verdict()).isEqualTo(Verdict.GROWS);
  }

  @Test
  void saysNothingOfAFewValues() {
    SoakSeries few =
        new SoakSeries(
            kept(Duration.ZERO),
            "memory",
            "MB",
            IntStream.range(0, 5).mapToObj(it -> new Point(Duration.ofSeconds(it), it)).toList());

    assertThat(few.judge().verdict()).isEqualTo(Verdict.UNKNOWN);
  }
}
