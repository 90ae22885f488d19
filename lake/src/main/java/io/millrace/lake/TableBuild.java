package io.millrace.lake;

import io.millrace.project.Batches;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * One table of a model being built: written on a branch, looked at there, and published by moving
 * the table's main to it. Until then readers see nothing of it, and killed at any moment it leaves
 * the table as it was or as it was meant to be. For one thread, and one build of a table at a time.
 */
public final class TableBuild {

  TableBuild() {}

  /**
   * How the files of a table are cut, so that none mixes intervals.
   *
   * @param column a date, or a timestamp in UTC
   */
  public record Layout(String column, Batches.Size size) {}

  /** What a build does to the rows that are there. */
  public sealed interface Change {

    /** Takes the place of all rows. */
    record All() implements Change {}

    /** Takes the place of the rows of these spans; the new rows are of these spans too. */
    record Intervals(List<Span> spans) implements Change {
      public Intervals {
        spans = List.copyOf(spans);
      }
    }

    /** Comes on top of the rows that are there. */
    record Add() implements Change {}

    /** Takes the place of files, whose other rows it has written again. */
    record Files(List<String> removed) implements Change {
      public Files {
        removed = List.copyOf(removed);
      }
    }
  }

  /** The table to write for: its columns with their ids, its layout, where its files go. */
  public Table table() {
    throw new UnsupportedOperationException();
  }

  /** A folder of this build alone, for its data files. Made by whoever writes there. */
  public Path staging() {
    throw new UnsupportedOperationException();
  }

  /**
   * Commits files to the branch.
   *
   * @param summary kept with the snapshot; each key begins with {@link Commits#PROPERTY_PREFIX}
   * @throws io.millrace.core.MillraceException if a file has rows both in and out of the spans that
   *     are replaced
   */
  public void stage(Change change, List<DataFile> files, Map<String, String> summary) {
    throw new UnsupportedOperationException();
  }

  /** The table as it will be when published. */
  public PinnedTable staged() {
    throw new UnsupportedOperationException();
  }

  /** The files that have been staged. */
  public List<String> added() {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes the branch what everybody reads, and drops it. If maintenance has rewritten files since
   * the build began, the same changes are applied to the rewritten table.
   *
   * @return the table's new snapshot, or empty if files that were to be replaced are not there any
   *     longer: then nothing has been published and the table is to be built again
   */
  public OptionalLong publish() {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps the branch under another name, for people to look at what was refused; of those the
   * newest few stay.
   *
   * @param as {@code failed_<run>}
   */
  public void keep(String as) {
    throw new UnsupportedOperationException();
  }

  /** Gives up what was staged. */
  public void discard() {
    throw new UnsupportedOperationException();
  }
}
