package io.millrace.lake;

import java.util.List;

/** What became of a table's rows between two of its snapshots. Rewrites by maintenance are none. */
public sealed interface Changes {

  /** The rows are the same. */
  record None() implements Changes {}

  /**
   * Rows were added and none taken away.
   *
   * @param files hold the new rows and no others; they can be read as long as the snapshots can
   */
  record Appended(List<String> files, long rows) implements Changes {
    public Appended {
      files = List.copyOf(files);
    }
  }

  /**
   * Rows were added and taken away. A row in both lists of files stayed, once for each pair.
   *
   * @param added with what is in these files
   * @param removed and without what is in these
   */
  record Rewritten(List<String> added, List<String> removed) implements Changes {
    public Rewritten {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
    }
  }

  /**
   * Nobody can tell any longer, so all rows are to be taken as changed.
   *
   * @param why {@code snapshot 17 of bronze.clicks has expired}
   */
  record Unknown(String why) implements Changes {}
}
