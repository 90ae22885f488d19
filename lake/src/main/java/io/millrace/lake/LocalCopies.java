package io.millrace.lake;

import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/** Data files of a table as an engine reads and writes them: at paths of this machine. */
public final class LocalCopies {

  private LocalCopies() {}

  /** Paths at which the files can be read now. */
  public static List<String> of(Table table, List<DataFile> files) {
    LakeFiles io = LakeFiles.of(table);
    List<String> paths = files.stream().map(file -> io.path(file.location())).toList();
    io.fetch(paths);
    return paths;
  }

  /** Where a file is written that {@link ParquetFooter} is to store at a location. */
  public static Path target(Table table, String location) {
    return Path.of(LakeFiles.of(table).path(location));
  }
}
