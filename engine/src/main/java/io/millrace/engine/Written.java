package io.millrace.engine;

import java.util.List;
import org.apache.iceberg.DataFile;

/** Data files that nobody reads until they are committed; none if there were no rows. */
public record Written(List<DataFile> files, long rows) {

  public Written {
    files = List.copyOf(files);
  }
}
