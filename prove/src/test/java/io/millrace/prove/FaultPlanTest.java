package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prove.Fault.Victim;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  /** Kills of each process, one of each quick kind, freezes of each process, a stall. */
  private static final int DECK = 3 + FaultKind.quick().size() + 4;

  @Test
  void theSameSeedMakesTheSamePlanAndAnotherSeedAnother() {
    assertThat(FaultPlan.of(7, 40)).isEqualTo(FaultPlan.of(7, 40));
    assertThat(FaultPlan.of(7, 40).faults()).isNotEqualTo(FaultPlan.of(8, 40).faults());
  }

  @Test
  void aShortPlanIsTheBeginningOfALongOne() {
    assertThat(FaultPlan.of(7, 100).faults())
        .startsWith(FaultPlan.of(7, 10).faults().toArray(Fault[]::new));
  }

  @Test
  void theFirstThreeKillEachProcess() {
    List<Fault> first = FaultPlan.of(7, 3).faults();

    assertThat(first).allMatch(it -> it.kind() == FaultKind.KILL);
    assertThat(first.stream().flatMap(it -> it.victims().stream()))
        .containsExactlyInAnyOrder(Victim.values());
  }

  @Test
  void aDeckHoldsEveryKindAndFreezesEveryProcess() {
    List<Fault> deck = FaultPlan.of(7, DECK).faults();

    Set<FaultKind> kinds = deck.stream().map(Fault::kind).collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(FaultKind.values());
    assertThat(deck.stream().filter(it -> it.kind() == FaultKind.FREEZE))
        .hasSize(Victim.values().length)
        .allMatch(it -> it.lasts().compareTo(Duration.ofSeconds(25)) >= 0);
  }

  @Test
  void severalAreMoreThanOne() {
    assertThat(FaultPlan.of(3, 300).faults())
        .filteredOn(it -> it.kind() == FaultKind.KILL_SEVERAL)
        .hasSizeGreaterThan(10)
        .allMatch(it -> Set.copyOf(it.victims()).size() == it.victims().size())
        .allMatch(it -> it.victims().size() >= 2);
  }

  @Test
  void aPlanForSomeTimeTakesAboutThatLong() {
    long seconds =
        FaultPlan.of(7, Duration.ofMinutes(30)).faults().stream()
            .mapToLong(it -> it.calm().toSeconds() + it.kind().expectedSeconds())
            .sum();

    assertThat(seconds).isBetween(27 * 60L, 33 * 60L);
  }

  @Test
  void linesSayWhatWhenAndWhom() {
    List<String> lines =
        new FaultPlan(
                7,
                List.of(
                    new Fault(
                        1,
                        FaultKind.KILL_SEVERAL,
                        List.of(Victim.BROKER, Victim.SERVER),
                        Duration.ofMillis(1_500),
                        Duration.ZERO),
                    new Fault(
                        2, FaultKind.DISK_FULL, List.of(), Duration.ZERO, Duration.ofSeconds(12))))
            .lines();

    assertThat(lines)
        .containsExactly(
            "  1. after 1.5 s: kill -9 of several processes at once: broker and server",
            "  2. after 0.0 s: the disk is full, for 12.0 s");
    assertThat(Arrays.stream(FaultKind.values()).map(FaultKind::sentence)).doesNotHaveDuplicates();
  }
}
