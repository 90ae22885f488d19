package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.project.Field;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/**
 * Writes rows into data files of one table, a file per partition, and hands the files over when
 * asked; what it wrote becomes part of the table only when the files are committed. For one thread.
 */
public final class TableWriter implements Closeable {

  /** Files are closed at this size, so that no file grows beyond what one reader wants. */
  private static final long TARGET_FILE_BYTES = 128L << 20;

  /**
   * A year of days: history that comes in any order must not open a file for every row. Each open
   * file holds buffers for its columns, some 100 KB.
   */
  private static final int MAX_OPEN_FILES = 366;

  /**
   * A column with more than this of different values is written as it is: a larger dictionary does
   * not fit the processor's cache, and looking values up in it costs more time than it saves.
   * Maintenance rewrites the files later, with Parquet's own limit.
   */
  private static final int MAX_DICTIONARY_BYTES = 128 << 10;

  private static final int ROWS_BETWEEN_SIZE_CHECKS = 4096;

  private final Table table;
  private final List<Field> columns;
  private final int maxOpenFiles;
  private final String filePrefix;
  private final PartitionOf partitionOf;
  private final Map<Integer, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final List<DataFile> closed = new ArrayList<>();
  private int files;

  /**
   * @param columns what the rows hold, by position; the table's other columns are written as null
   */
  public TableWriter(Table table, List<Field> columns) {
    this(table, columns, MAX_OPEN_FILES);
  }

  TableWriter(Table table, List<Field> columns, int maxOpenFiles) {
    this.table = table;
    this.maxOpenFiles = maxOpenFiles;
    this.columns = List.copyOf(columns);
    this.filePrefix = UUID.randomUUID().toString();
    this.partitionOf = PartitionOf.of(table, columns);
  }

  public void write(Row row) {
    int partition = partitionOf.value(row);
    OpenFile file = open.get(partition);
    if (file == null) {
      file = open(partition);
    }
    file.rows++;
    file.appender.add(row);
    if (file.rows % ROWS_BETWEEN_SIZE_CHECKS == 0 && file.appender.length() >= TARGET_FILE_BYTES) {
      finish(open.remove(partition));
    }
  }

  /** Closes the open files and returns all that were written since the last call. */
  public List<DataFile> complete() {
    open.values().forEach(this::finish);
    open.clear();
    List<DataFile> complete = List.copyOf(closed);
    closed.clear();
    return complete;
  }

  /** Gives up what was not handed over, also when it cannot be written. */
  @Override
  public void close() {
    for (OpenFile file : open.values()) {
      try {
        file.appender.close();
      } catch (IOException | RuntimeException e) {
        // What cannot be finished, as on a disk that is full, is not wanted anyway.
      }
      table.io().deleteFile(file.output.location());
    }
    open.clear();
    closed.forEach(file -> table.io().deleteFile(file.location()));
    closed.clear();
  }

  private OpenFile open(int partition) {
    if (open.size() >= maxOpenFiles) {
      Map.Entry<Integer, OpenFile> leastRecentlyUsed = open.entrySet().iterator().next();
      open.remove(leastRecentlyUsed.getKey());
      finish(leastRecentlyUsed.getValue());
    }
    PartitionData key = partitionOf.key(partition);
    String name = "%s-%05d.parquet".formatted(filePrefix, files++);
    String location =
        table.spec().isUnpartitioned()
            ? table.locationProvider().newDataLocation(name)
            : table.locationProvider().newDataLocation(table.spec(), key, name);
    OutputFile output = table.io().newOutputFile(location);
    try {
      FileAppender<Row> appender =
          WithoutHadoopSettings.run(
              () ->
                  Parquet.write(output)
                      .forTable(table)
                      .metricsConfig(MetricsConfig.forTable(table))
                      .set(
                          TableProperties.PARQUET_DICT_SIZE_BYTES,
                          Integer.toString(MAX_DICTIONARY_BYTES))
                      .createWriterFunc(message -> new ParquetRowWriter(message, columns))
                      .build());
      OpenFile file = new OpenFile(appender, output, key);
      open.put(partition, file);
      return file;
    } catch (IOException e) {
      throw cannotWrite(location, e);
    }
  }

  private void finish(OpenFile file) {
    try {
      file.appender.close();
    } catch (IOException | UncheckedIOException e) {
      throw cannotWrite(file.output.location(), e);
    }
    DataFiles.Builder builder =
        DataFiles.builder(table.spec())
            .withPath(file.output.location())
            .withFormat(FileFormat.PARQUET)
            .withMetrics(file.appender.metrics())
            .withFileSizeInBytes(file.appender.length())
            .withSplitOffsets(file.appender.splitOffsets());
    if (!table.spec().isUnpartitioned()) {
      builder.withPartition(file.partition);
    }
    closed.add(builder.build());
  }

  private static MillraceException cannotWrite(String location, Exception cause) {
    return MillraceException.world("Cannot write " + location + ": " + cause.getMessage(), cause);
  }

  private static final class OpenFile {
    private final FileAppender<Row> appender;
    private final OutputFile output;
    private final PartitionData partition;
    private long rows;

    OpenFile(FileAppender<Row> appender, OutputFile output, PartitionData partition) {
      this.appender = appender;
      this.output = output;
      this.partition = partition;
    }
  }
}
