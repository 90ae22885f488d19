package io.millrace.collect;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What became of the events of files.
 *
 * @param events how many the files have
 * @param rejectedByReason how many were rejected, by reason
 * @param firstRejects the first of them in the order of the files, {@value #FIRST_REJECTS} at most
 */
public record LoadReport(
    long events,
    long accepted,
    SortedMap<String, Long> rejectedByReason,
    List<Reject> firstRejects) {

  public static final int FIRST_REJECTS = 100;

  public static final LoadReport NOTHING = new LoadReport(0, 0, new TreeMap<>(), List.of());

  public LoadReport {
    rejectedByReason = Collections.unmodifiableSortedMap(new TreeMap<>(rejectedByReason));
    firstRejects = firstRejects.stream().limit(FIRST_REJECTS).toList();
  }

  public long rejected() {
    return rejectedByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  /** This report and that of the files after. */
  public LoadReport plus(LoadReport next) {
    SortedMap<String, Long> reasons = new TreeMap<>(rejectedByReason);
    next.rejectedByReason.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    return new LoadReport(
        events + next.events,
        accepted + next.accepted,
        reasons,
        Stream.concat(firstRejects.stream(), next.firstRejects.stream()).toList());
  }
}
