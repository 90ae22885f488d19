package io.millrace.bench;

import io.millrace.bench.Rival.Measured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs each side once in every round, so that all meet the same hours of the same machine. */
final class Rounds {

  private final Map<String, List<Measured>> measured = new LinkedHashMap<>();

  /**
   * Runs all rounds.
   *
   * @throws IllegalStateException if sides did not make the same
   */
  static Rounds run(Ground ground, String contest, List<Rival> rivals) throws IOException {
    Rounds rounds = new Rounds();
    for (int round = 1; round <= ground.rounds(); round++) {
      for (Rival rival : rivals) {
        Measured it =
            rival.run(ground.folder().resolve(contest + "-" + rival.name() + "-" + round));
        System.out.printf(
            "  %s, round %d of %d: %s%s, %,d MB%n",
            contest, round, ground.rounds(), rival.name(), text(it), it.memoryBytes() >> 20);
        rounds.measured.computeIfAbsent(rival.name(), name -> new ArrayList<>()).add(it);
        rounds.requireSame(rivals.get(0), rival, it);
      }
    }
    return rounds;
  }

  private static String text(Measured it) {
    return it.figures().entrySet().stream()
        .map(each -> String.format(Locale.ROOT, ", %s %,.2f", each.getKey(), each.getValue()))
        .collect(Collectors.joining());
  }

  /** Nobody wins by doing less. */
  private void requireSame(Rival first, Rival rival, Measured it) {
    String made = measured.get(first.name()).get(0).made();
    if (rival.made() != Rival.Made.NOT_COMPARED && !made.equals(it.made())) {
      throw new IllegalStateException(
          "Cannot compare: %s made %s, and %s made %s"
              .formatted(first.name(), made, rival.name(), it.made()));
    }
  }

  /** The median of a side; with an even number of rounds the lower of the two in the middle. */
  double median(Rival rival, String figure) {
    return middle(
        measured.get(rival.name()).stream().mapToDouble(it -> it.figures().get(figure)).toArray());
  }

  /** The median of the memory that a side held. */
  long memoryBytes(Rival rival) {
    return (long)
        middle(measured.get(rival.name()).stream().mapToDouble(Measured::memoryBytes).toArray());
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return values[(values.length - 1) / 2];
  }
}
