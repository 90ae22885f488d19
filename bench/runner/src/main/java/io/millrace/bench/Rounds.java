package io.millrace.bench;

import io.millrace.bench.Rival.Measured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs each side once in every round, so that all meet the same hours of the same machine. */
final class Rounds {

  private final Map<String, List<Measured>> measured = new LinkedHashMap<>();

  static Rounds run(Ground ground, String contest, List<Rival> rivals) throws IOException {
    Rounds rounds = new Rounds();
    for (int round = 1; round <= ground.rounds(); round++) {
      for (Rival rival : rivals) {
        Measured it =
            rival.run(ground.folder().resolve(contest + "-" + rival.name() + "-" + round));
        System.out.printf(
            "  %s, round %d of %d: %s %,.1f, %,d MB%n",
            contest, round, ground.rounds(), rival.name(), it.value(), it.memoryBytes() >> 20);
        rounds.measured.computeIfAbsent(rival.name(), name -> new ArrayList<>()).add(it);
      }
    }
    return rounds;
  }

  /** The median of a side; with an even number of rounds the lower of the two in the middle. */
  Measured median(Rival rival) {
    List<Measured> all = measured.get(rival.name());
    double[] values = all.stream().mapToDouble(Measured::value).sorted().toArray();
    long[] memory = all.stream().mapToLong(Measured::memoryBytes).sorted().toArray();
    int middle = (all.size() - 1) / 2;
    return new Measured(values[middle], memory[middle]);
  }
}
