package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuantityTest {

  @Test
  void readsLengthsOfTime() {
    assertThat(TimeSpan.parse("250ms").duration()).isEqualTo(Duration.ofMillis(250));
    assertThat(TimeSpan.parse("90s").duration()).isEqualTo(Duration.ofSeconds(90));
    assertThat(TimeSpan.parse("10m").duration()).isEqualTo(Duration.ofMinutes(10));
    assertThat(TimeSpan.parse("36h").duration()).isEqualTo(Duration.ofHours(36));
    assertThat(TimeSpan.parse("7d").duration()).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void writesLengthsOfTimeInTheLargestUnitThatHoldsThemWhole() {
    assertThat(new TimeSpan(Duration.ofDays(2))).hasToString("2d");
    assertThat(new TimeSpan(Duration.ofSeconds(90))).hasToString("90s");
    assertThat(new TimeSpan(Duration.ofMillis(1500))).hasToString("1500ms");
    assertThat(new TimeSpan(Duration.ZERO)).hasToString("0s");
  }

  @Test
  void saysHowALengthOfTimeIsWritten() {
    assertThatThrownBy(() -> TimeSpan.parse("10 minutes"))
        .hasMessage(
            "Cannot read '10 minutes' as a length of time:"
                + " write a whole number and a unit (ms, s, m, h, d), such as 10m");
    assertThat(TimeSpan.find("-1s")).isEmpty();
    assertThat(TimeSpan.find("1000000000s")).isEmpty();
  }

  @Test
  void readsAndWritesSizes() {
    assertThat(ByteSize.parse("512MB").bytes()).isEqualTo(512L << 20);
    assertThat(ByteSize.parse("99999TB").bytes()).isEqualTo(99999L << 40);
    assertThat(new ByteSize(512L << 20)).hasToString("512MB");
    assertThat(new ByteSize(1536)).hasToString("1536B");
    assertThat(new ByteSize(5L << 50)).hasToString("5120TB");
    assertThat(new ByteSize(0)).hasToString("0B");
  }

  @Test
  void saysHowASizeIsWritten() {
    assertThatThrownBy(() -> ByteSize.parse("512Mb"))
        .hasMessage(
            "Cannot read '512Mb' as a size:"
                + " write a whole number and a unit (B, KB, MB, GB, TB), such as 512MB");
  }
}
