package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;

/** The data files that a scan finds, all at once: for tables, whose files are few. */
public final class DataFiles {

  private DataFiles() {}

  /**
   * Reads manifests, no data.
   *
   * @throws MillraceException if a manifest cannot be read, or if rows are hidden by a delete file:
   *     nothing of Millrace writes one, and who reads the data file alone would see them again
   */
  public static List<DataFile> of(TableScan scan) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      for (FileScanTask task : tasks) {
        if (!task.deletes().isEmpty()) {
          throw MillraceException.us(
              "Cannot go on with %s: it has delete files".formatted(scan.table().name()));
        }
        files.add(task.file());
      }
      return files;
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot list the files of %s: %s".formatted(scan.table().name(), e.getMessage()), e);
    }
  }
}
