package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.project.Trigger;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class CronTimesTest {

  @Test
  void timesAreThoseOfTheZone() {
    CronTimes times = times("0 3 * * *", "Europe/Berlin");
    assertThat(times.next(Instant.parse("2026-01-31T02:00:00Z")))
        .contains(Instant.parse("2026-02-01T02:00:00Z"));
    assertThat(times.next(Instant.parse("2026-07-01T00:59:59.5Z")))
        .contains(Instant.parse("2026-07-01T01:00:00Z"));
  }

  @Test
  void anHourThatTheClockLeavesOutIsPassedOver() {
    assertThat(times("30 2 * * *", "Europe/Berlin").next(Instant.parse("2026-03-28T12:00:00Z")))
        .contains(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void anHourThatTheClockHasTwiceIsMetOnce() {
    CronTimes times = times("30 2 * * *", "Europe/Berlin");
    Instant first = times.next(Instant.parse("2026-10-24T12:00:00Z")).orElseThrow();
    assertThat(first).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(times.next(first)).contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void understandsStepsListsAndNames() {
    assertThat(times("*/15 8-18 * * MON-FRI", "UTC").next(Instant.parse("2026-01-30T18:50:00Z")))
        .contains(Instant.parse("2026-02-02T08:00:00Z"));
  }

  @Test
  void saysWhatIsWrongWithAnExpression() {
    assertThat(CronTimes.mistake("0 3 * * *")).isEmpty();
    assertThat(CronTimes.mistake("99 3 * * *").orElseThrow()).contains("99");
    assertThatThrownBy(() -> times("every day", "UTC"))
        .hasMessageStartingWith("Cannot read schedule 'every day': ");
  }

  private static CronTimes times(String expression, String zone) {
    return CronTimes.of(new Trigger.Cron(expression, ZoneId.of(zone), true));
  }

  @Test
  void namesTheModelsOfAProjectWhoseExpressionsAreWrong() {
    assertThat(CronTimes.mistakes(Shop.withReport().project())).isEmpty();
    assertThat(
            CronTimes.mistakes(
                new Shop().whole(Shop.REPORT, Shop.SALES, Shop.cron("99 * * * *", true)).project()))
        .singleElement()
        .asString()
        .startsWith("models/gold/report.sql: schedule '99 * * * *' is no cron expression: ");
  }
}
