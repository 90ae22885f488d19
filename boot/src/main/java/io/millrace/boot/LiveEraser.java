package io.millrace.boot;

import io.millrace.event.LiveRow;
import io.millrace.live.LiveStream;
import io.millrace.live.LiveValues;
import io.millrace.project.StreamContract;
import io.millrace.serve.Erasing.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes people out of live values: they are filled anew from bronze, which no longer has them. So
 * the newest of the rows that are left takes the place of theirs, and no file has theirs any
 * longer.
 */
final class LiveEraser {

  /** Bronze has just been searched for them, row by row. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final LiveValues live;

  LiveEraser(LiveValues live) {
    this.live = live;
  }

  /**
   * How many live values of each stream show one of some values.
   *
   * @param shown as the rows of bronze show them
   */
  List<Part> showing(List<StreamContract> streams, List<String> shown) {
    List<Part> parts = new ArrayList<>();
    for (LiveStream each : of(streams)) {
      LongAdder rows = new LongAdder();
      each.forEach(
          row -> {
            if (shows(row, shown)) {
              rows.increment();
            }
          });
      parts.add(new Part(each.contract().liveTopic(), rows.sum()));
    }
    return parts;
  }

  private static boolean shows(LiveRow row, List<String> shown) {
    return row.json().filter(json -> shown.stream().anyMatch(json::contains)).isPresent();
  }

  /**
   * Fills them anew.
   *
   * @return what is still to be done, in sentences
   */
  List<String> refill(List<StreamContract> streams) {
    List<String> left = new ArrayList<>();
    for (LiveStream each : of(streams)) {
      if (!each.refill(PATIENCE)) {
        left.add(
            "the live values of '%s' are not filled anew yet".formatted(each.contract().name()));
      }
    }
    return left;
  }

  private List<LiveStream> of(List<StreamContract> streams) {
    return streams.stream().flatMap(stream -> live.find(stream.name()).stream()).toList();
  }
}
