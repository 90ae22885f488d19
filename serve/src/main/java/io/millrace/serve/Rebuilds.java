package io.millrace.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.Interval;
import java.util.Optional;
import java.util.function.Consumer;

/** Rebuilds the past of a stream from its topic or its tables, as the API asks for it. */
@FunctionalInterface
public interface Rebuilds {

  /** How far it goes. */
  enum Mode {
    /** Says what would be read and replaced. */
    PLAN,
    /** Rebuilds on a branch, and compares. */
    COMPARE,
    /** And puts what differs in the place of what was there. */
    SWAP
  }

  /** Where events are read from. */
  enum Source {
    TOPIC,
    /** The stream's tables. */
    BRONZE
  }

  /**
   * Rebuilds what the broker appended in an interval, in whole commits.
   *
   * @param only where all of it is read from; else it is the topic as far as that goes back
   * @param lines told how far it is, as {@code {"complete":false,"read":10000,"of":25000}}, and at
   *     last what came of it, as docs/reference/api.md has it
   * @throws io.millrace.core.MillraceException if it cannot be rebuilt; nothing has changed then
   */
  void rebuild(
      String stream,
      Interval appended,
      Optional<Source> only,
      Mode mode,
      Consumer<ObjectNode> lines);
}
