package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** Reads rows in Java, file by file: for proofs and tests. Questions go to the engine instead. */
public final class TableReader {

  private TableReader() {}

  /**
   * Hands each row of a snapshot to a consumer, which must not keep it.
   *
   * @throws MillraceException if a data file cannot be read
   */
  public static void forEach(Table table, long snapshot, Consumer<Record> consumer) {
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot).planFiles()) {
      for (FileScanTask task : tasks) {
        forEach(table, task.file(), consumer);
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + table.name() + ": " + e.getMessage(), e);
    }
  }

  private static void forEach(Table table, DataFile file, Consumer<Record> consumer) {
    Schema schema = table.schema();
    Map<Integer, Object> constants = new HashMap<>();
    try (CloseableIterable<Record> rows =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(schema)
            .reuseContainers()
            .createReaderFunc(
                message -> GenericParquetReaders.buildReader(schema, message, constants))
            .build()) {
      rows.forEach(consumer);
    } catch (IOException | RuntimeException e) {
      throw MillraceException.world(
          "Cannot read " + file.location() + " of " + table.name() + ": " + e.getMessage(), e);
    }
  }
}
