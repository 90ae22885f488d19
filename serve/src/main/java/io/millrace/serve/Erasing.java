package io.millrace.serve;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Erases people, as the API asks for it. */
public interface Erasing {

  /** Rows of a table that are about people who are, or were, to be erased. */
  record Part(String table, long rows) {}

  /**
   * What became of an erasure.
   *
   * @param streams the rows that were taken out of each table of streams
   * @param models the rows of each model's table that still show one of the people
   * @param left what is still to be done, in sentences; nothing if they are erased
   */
  record Certificate(
      long erasure,
      int people,
      Instant begun,
      Instant ended,
      List<Part> streams,
      List<Part> models,
      List<String> left) {
    public Certificate {
      streams = List.copyOf(streams);
      models = List.copyOf(models);
      left = List.copyOf(left);
    }

    /** Whether nothing is left of them. */
    public boolean isComplete() {
      return left.isEmpty();
    }
  }

  /**
   * Counts the rows that would go.
   *
   * @param people their values as events have them, such as ids of users
   */
  List<Part> plan(List<String> people);

  /**
   * Takes people out of streams, the lake and its history. Run again after it was cut off, it goes
   * on.
   *
   * @param progress told what is being done, in sentences
   */
  Certificate erase(List<String> people, Consumer<String> progress);
}
