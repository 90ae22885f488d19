package io.millrace.lake;

import java.util.Collection;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;

/**
 * The files of tables. Tables name them by location; outside of this package a data file goes by
 * its path on this machine, where DuckDB reads and writes it.
 */
interface LakeFiles extends FileIO {

  /** Those of a table of the lake. */
  static LakeFiles of(Table table) {
    return table.io() instanceof LakeFiles files ? files : new LocalFiles();
  }

  /** Where on this machine a file can be read once it was {@link #fetch fetched}, or written. */
  String path(String location);

  /** Sees to it that these paths can be read. */
  void fetch(Collection<String> paths);

  /** Makes a file that was written to a path one of the lake, and gives its location. */
  String stored(String path);

  /** All files whose location begins with that of a folder. */
  List<FileInfo> below(String folder);
}
