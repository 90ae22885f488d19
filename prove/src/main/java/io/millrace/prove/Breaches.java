package io.millrace.prove;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What does not hold, as far as it helps: the first of each kind, and how many more there are. */
final class Breaches {

  private static final int MAX_OF_A_KIND = 20;

  /** A set, because who looks twice says the same twice. */
  private final Set<Breach> first = new LinkedHashSet<>();

  private final Map<Breach.Kind, Integer> counts = new EnumMap<>(Breach.Kind.class);

  void add(Breach.Kind kind, String sentence) {
    Breach breach = new Breach(kind, sentence);
    if (!first.contains(breach) && counts.merge(kind, 1, Integer::sum) <= MAX_OF_A_KIND) {
      first.add(breach);
    }
  }

  List<Breach> list() {
    List<Breach> all = new ArrayList<>(first);
    counts.forEach(
        (kind, count) -> {
          if (count > MAX_OF_A_KIND) {
            all.add(new Breach(kind, "and %d more like these".formatted(count - MAX_OF_A_KIND)));
          }
        });
    return List.copyOf(all);
  }
}
