package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.Erasure;
import java.io.Closeable;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether somebody was erased, and says so when this subtask goes by it. Whoever
 * waits for that knows then that new rows have other pseudonyms.
 */
final class ErasureWatch implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ErasureWatch.class);

  private final Erasures book;
  private final int subtask;
  private final Consumer<List<Erasure>> goBy;
  private long newest;
  private long said = -1;

  /** Goes by all erasures there are. */
  ErasureWatch(Erasures book, int subtask, Consumer<List<Erasure>> goBy) {
    this.book = book;
    this.subtask = subtask;
    this.goBy = goBy;
    this.newest = book.newest();
    goBy.accept(book.all());
  }

  /** What cannot be read or said now is read or said the next time. */
  void look() {
    try {
      long found = book.newest();
      if (found != newest) {
        goBy.accept(book.all());
        newest = found;
      }
      if (newest != said) {
        book.notice(subtask, newest);
        said = newest;
      }
    } catch (MillraceException e) {
      LOG.warn(e.getMessage());
    }
  }

  @Override
  public void close() {
    book.close();
  }
}
