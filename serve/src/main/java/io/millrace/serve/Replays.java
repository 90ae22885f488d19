package io.millrace.serve;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends rejected events through the present contract, as the API asks for it. */
@FunctionalInterface
public interface Replays {

  /** Whether events are sent, or only judged. */
  enum Mode {
    PLAN,
    SEND
  }

  /**
   * Rejected events of one kind.
   *
   * @param reason for which they were rejected
   * @param now {@code accepted}, {@code replayed}, or the reason for which they would be rejected
   */
  record Judged(String reason, String now, long events) {}

  /**
   * Replays the events that a condition chooses.
   *
   * @param where over the columns of {@code quarantine.<stream>_rejected}; without it, all
   * @param progress told what has become of the events so far, now and then
   */
  List<Judged> replay(
      String stream, Optional<String> where, Mode mode, Consumer<List<Judged>> progress);
}
