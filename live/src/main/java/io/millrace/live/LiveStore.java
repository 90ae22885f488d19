package io.millrace.live;

import io.millrace.event.LiveRow;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the newest row of each key. The port: whatever is behind it has one writer, and never has a
 * position whose rows it does not have. Rows may be ahead of the position, where both cannot be
 * written as one: they are applied again then, which changes nothing.
 */
interface LiveStore extends AutoCloseable {

  /**
   * What became of rows.
   *
   * @param older than what was there, and so refused
   */
  record Applied(long taken, long older) {}

  /**
   * Takes each row that is not older than what is there of its key, and then the position. One of
   * the same version takes the place of what is there.
   */
  Applied apply(List<LiveRow> rows, LivePosition position);

  /** The position that was applied last; {@link LivePosition#NONE} before that. */
  LivePosition position();

  /** The row of a key, unless there is none or it is gone. */
  Optional<LiveRow> find(String key);

  /** Hands over every row that is not gone, all of one moment. */
  void forEach(Consumer<LiveRow> taker);

  @Override
  void close();
}
