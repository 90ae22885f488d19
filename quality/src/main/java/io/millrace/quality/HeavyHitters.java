package io.millrace.quality;

import io.millrace.quality.Skew.Heavy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;

/**
 * Finds the values that come most often, in memory that does not grow with the rows: a Misra-Gries
 * sketch (Anderson et al., "A High-Performance Algorithm for Identifying Frequent Items in Data
 * Streams", IMC 2017) for who they are, HyperLogLog for how many others there are. For one thread.
 */
public final class HeavyHitters {

  /** Counters; a count is off by at most about rows / 4,700. */
  private static final int COUNTERS = 16_384;

  private static final int LOG2_OF_REGISTERS = 12;

  /** Of values that long only the beginning is told apart. */
  private static final int MAX_CHARS = 200;

  private final ItemsSketch<String> counts = new ItemsSketch<>(COUNTERS);
  private final HllSketch different = new HllSketch(LOG2_OF_REGISTERS);
  private long rows;
  private long missing;

  /** Takes the value of one row; empty where it has none. */
  public void add(Optional<String> value) {
    rows++;
    if (value.isEmpty()) {
      missing++;
      return;
    }
    String text = value.get();
    String shown = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
    counts.update(shown);
    different.update(shown);
  }

  /**
   * What was found so far.
   *
   * @param most how many values to name at most
   */
  public Skew find(int most) {
    List<Heavy> heavy = new ArrayList<>();
    if (missing > 0) {
      heavy.add(new Heavy(Optional.empty(), missing, missing));
    }
    for (ItemsSketch.Row<String> row : counts.getFrequentItems(ErrorType.NO_FALSE_POSITIVES)) {
      heavy.add(new Heavy(Optional.of(row.getItem()), row.getLowerBound(), row.getUpperBound()));
    }
    heavy.sort((a, b) -> Long.compare(b.atLeast(), a.atLeast()));
    List<Heavy> named = heavy.subList(0, Math.min(most, heavy.size()));
    return new Skew(rows, Math.round(different.getEstimate()), counts.getMaximumError(), named);
  }
}
