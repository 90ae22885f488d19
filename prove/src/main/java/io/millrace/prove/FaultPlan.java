package io.millrace.prove;

import io.millrace.prove.Fault.Victim;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * What is done to a project, in order, one fault after the other has been recovered from. The same
 * seed makes the same plan, and a shorter plan is the beginning of a longer one.
 *
 * <p>Faults are dealt from a deck that is shuffled and dealt anew when it is used up: first the
 * kill of each process, then what is quickly over, then what takes long.
 */
public record FaultPlan(long seed, List<Fault> faults) {

  private static final int MOST_CALM_MS = 5_000;

  /** A process is frozen for longer than Flink waits for a heartbeat, or a producer for Kafka. */
  private static final int STREAM_FREEZES_S = 55;

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  /** So many faults. */
  public static FaultPlan of(long seed, int count) {
    Dealer dealer = new Dealer(seed);
    List<Fault> faults = new ArrayList<>();
    while (faults.size() < count) {
      faults.add(dealer.next());
    }
    return new FaultPlan(seed, faults);
  }

  /** As many faults as are expected to take so long. */
  public static FaultPlan of(long seed, Duration time) {
    Dealer dealer = new Dealer(seed);
    List<Fault> faults = new ArrayList<>();
    Duration planned = Duration.ZERO;
    while (faults.isEmpty() || planned.compareTo(time) < 0) {
      Fault fault = dealer.next();
      faults.add(fault);
      planned = planned.plus(fault.calm()).plusSeconds(fault.kind().expectedSeconds());
    }
    return new FaultPlan(seed, faults);
  }

  /** Whether any fault is of this kind. */
  public boolean has(FaultKind kind) {
    return faults.stream().anyMatch(fault -> fault.kind() == kind);
  }

  /** A line for each fault. */
  public List<String> lines() {
    return faults.stream()
        .map(it -> "%3d. after %.1f s: %s".formatted(it.number(), it.calm().toMillis() / 1e3, it))
        .toList();
  }

  private static final class Dealer {

    private record Card(FaultKind kind, List<Victim> victims) {}

    private final Random random;
    private final Deque<Card> deck = new ArrayDeque<>();
    private int dealt;

    Dealer(long seed) {
      this.random = new Random(seed);
    }

    Fault next() {
      if (deck.isEmpty()) {
        deck.addAll(shuffled(each(FaultKind.KILL)));
        deck.addAll(
            shuffled(
                FaultKind.quick().stream().map(kind -> new Card(kind, victims(kind))).toList()));
        List<Card> slow = new ArrayList<>(each(FaultKind.FREEZE));
        slow.add(new Card(FaultKind.BROKER_STALLS, List.of()));
        deck.addAll(shuffled(slow));
      }
      Card card = deck.remove();
      Duration calm = Duration.ofMillis(random.nextInt(MOST_CALM_MS));
      return new Fault(++dealt, card.kind(), card.victims(), calm, lasts(card));
    }

    private List<Card> shuffled(List<Card> cards) {
      List<Card> shuffled = new ArrayList<>(cards);
      Collections.shuffle(shuffled, random);
      return shuffled;
    }

    private static List<Card> each(FaultKind kind) {
      return Arrays.stream(Victim.values()).map(it -> new Card(kind, List.of(it))).toList();
    }

    private List<Victim> victims(FaultKind kind) {
      List<Victim> all = new ArrayList<>(List.of(Victim.values()));
      Collections.shuffle(all, random);
      return switch (kind) {
        case KILL_SEVERAL -> all.subList(0, 2 + random.nextInt(2)).stream().sorted().toList();
        case KILL_AGAIN -> all.subList(0, 1);
        default -> List.of();
      };
    }

    private Duration lasts(Card card) {
      int least = card.kind().lastsSeconds();
      if (card.kind() == FaultKind.FREEZE && card.victims().contains(Victim.STREAM)) {
        least = STREAM_FREEZES_S;
      }
      return least == 0
          ? Duration.ZERO
          : Duration.ofSeconds(least).plusMillis(random.nextInt(MOST_CALM_MS));
    }
  }
}
