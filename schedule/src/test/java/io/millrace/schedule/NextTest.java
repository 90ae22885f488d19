package io.millrace.schedule;

import static io.millrace.schedule.Shop.ON_CHANGE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Interval;
import io.millrace.project.Schedule;
import io.millrace.schedule.Entry.State;
import io.millrace.schedule.Warehouse.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextTest {

  private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
  private static final Next.Asked ALL = new Next.Asked(Interval.ALWAYS, Optional.empty());
  private static final Schedule IN_ORDER =
      new Schedule(ON_CHANGE.trigger(), 2, Duration.ofSeconds(10), true);

  @Test
  void takesTheOldestUpToALimit() {
    List<Entry> open =
        IntStream.rangeClosed(1, 40).mapToObj(day -> entry(day, State.WANTED)).toList();
    List<Interval> next = next(open, ON_CHANGE, ALL);
    assertThat(next).hasSize(Next.MAX_INTERVALS).startsWith(day(1)).endsWith(day(32));
  }

  @Test
  void takesWhatIsDueAndNothingElse() {
    List<Entry> open =
        List.of(
            entry(1, State.FAILED),
            entry(2, State.STALE),
            entry(3, State.SKIPPED),
            entry(4, State.WANTED),
            waiting(5, NOW.plusSeconds(1)));
    assertThat(next(open, ON_CHANGE, ALL)).containsExactly(day(2), day(4));
  }

  @Test
  void buildsAloneWhatHasFailedBefore() {
    List<Entry> open = List.of(entry(1, State.WANTED), waiting(2, NOW), entry(3, State.WANTED));
    assertThat(next(open, ON_CHANGE, ALL)).containsExactly(day(1), day(3));
    assertThat(next(List.of(open.get(1), open.get(2)), ON_CHANGE, ALL)).containsExactly(day(2));
  }

  @Test
  void goesInOrderIfIntervalsDependOnThePast() {
    assertThat(next(List.of(entry(1, State.WANTED), entry(2, State.WANTED)), IN_ORDER, ALL))
        .containsExactly(day(1));
    assertThat(next(List.of(entry(1, State.FAILED), entry(2, State.WANTED)), IN_ORDER, ALL))
        .isEmpty();
    assertThat(next(List.of(entry(1, State.SKIPPED), entry(2, State.WANTED)), IN_ORDER, ALL))
        .containsExactly(day(2));
  }

  @Test
  void keepsToTheSpanAndToWhoseItIs() {
    List<Entry> open =
        List.of(entry(1, State.WANTED), ofBackfill(2, 1), ofBackfill(3, 2), entry(4, State.WANTED));
    Interval span = new Interval(day(2).start(), day(4).end());
    assertThat(next(open, ON_CHANGE, ALL)).containsExactly(day(1), day(4));
    assertThat(next(open, ON_CHANGE, new Next.Asked(span, Optional.of(2L))))
        .containsExactly(day(3), day(4));
  }

  @Test
  void waitsTwiceAsLongEachTimeAndThenGivesUp() {
    assertThat(Next.again(ON_CHANGE, 1, NOW)).contains(NOW.plusSeconds(10));
    assertThat(Next.again(ON_CHANGE, 2, NOW)).contains(NOW.plusSeconds(20));
    assertThat(Next.again(ON_CHANGE, 3, NOW)).isEmpty();
  }

  private static List<Interval> next(List<Entry> open, Schedule schedule, Next.Asked asked) {
    return Next.of(open, schedule, asked, NOW).stream().map(Entry::interval).toList();
  }

  private static Entry entry(int day, State state) {
    return entry(day, state, 0, Instant.EPOCH, Optional.empty());
  }

  private static Entry waiting(int day, Instant notBefore) {
    return entry(day, State.WANTED, 1, notBefore, Optional.empty());
  }

  private static Entry ofBackfill(int day, long backfill) {
    return entry(day, State.WANTED, 0, Instant.EPOCH, Optional.of(backfill));
  }

  private static Entry entry(
      int day, State state, int attempts, Instant notBefore, Optional<Long> backfill) {
    return new Entry(
        ORDERS,
        day(day),
        state,
        Extent.CHANGES,
        "",
        "",
        attempts,
        notBefore,
        backfill,
        Optional.empty(),
        Optional.empty(),
        NOW);
  }
}
