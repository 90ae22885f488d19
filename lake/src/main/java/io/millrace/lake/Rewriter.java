package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;

/**
 * Writes the rows of data files into new data files. A port: {@link Upkeep} decides which files and
 * commits, an engine does the reading and writing.
 */
public interface Rewriter {

  /**
   * Writes all rows of some files again, as the table's columns are now.
   *
   * @param files of one partition of one partitioning
   * @param order of the rows in the new files; unsorted leaves them as they come
   * @return files that no snapshot has yet, in the partition of the old ones
   * @throws MillraceException if a file cannot be read or written; what was begun is deleted
   */
  List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order);
}
