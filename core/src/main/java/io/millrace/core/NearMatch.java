package io.millrace.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The known word that a misspelt one was probably meant to be. */
public final class NearMatch {

  private static final int MAX_LISTED = 20;

  private NearMatch() {}

  /** The nearest of the known words, if one is near enough to be worth a question. */
  public static Optional<String> among(Collection<String> known, String word) {
    // Beyond this no known word is near, and the table of distances would be large.
    if (word.length() > 2 * Identifiers.MAX_LENGTH) {
      return Optional.empty();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    int limit = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= limit)
        .min(
            Comparator.comparingInt(
                    (String candidate) -> distance(lower, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** What to do about an unknown word: a question if one is near, or else the choice there is. */
  public static String remedy(Collection<String> known, String word) {
    return among(known, word)
        .map(near -> "did you mean '" + near + "'?")
        .orElseGet(() -> known.isEmpty() ? "there are none" : "use one of " + list(known));
  }

  private static String list(Collection<String> known) {
    int rest = known.size() - MAX_LISTED;
    String listed = known.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
    return rest > 0 ? listed + " and " + rest + " more" : listed;
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  static int distance(String from, String to) {
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : cheapest(steps, from, to, i, j);
      }
    }
    return steps[from.length()][to.length()];
  }

  private static int cheapest(int[][] steps, String from, String to, int i, int j) {
    char last = from.charAt(i - 1);
    int replaced = steps[i - 1][j - 1] + (last == to.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && last == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, 1 + steps[i - 2][j - 2]) : best;
  }
}
