package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.MetricsModes;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Types;

/**
 * Makes a Parquet file that an engine wrote on this machine one of the lake, and its entry of a
 * table from its footer.
 */
public final class ParquetFooter {

  private ParquetFooter() {}

  /**
   * Reads counts and bounds, and stores the file.
   *
   * @param path of a complete file with all columns of the table
   * @param partition of all its rows; ignored if the partitioning has no fields
   * @throws MillraceException if the file cannot be read, or a column lacks the table's field id
   */
  public static DataFile dataFile(
      Table table, PartitionSpec spec, StructLike partition, SortOrder order, String path) {
    InputFile file = table.io().newInputFile(path);
    Metrics metrics = read(table, file);
    return entry(table, spec, partition, order, file, metrics);
  }

  /**
   * The same for a file whose rows say themselves which partition they are in.
   *
   * @throws MillraceException if they say more than one, or nothing
   */
  public static DataFile dataFile(Table table, String path) {
    InputFile file = table.io().newInputFile(path);
    Metrics metrics = read(table, file);
    StructLike partition = PartitionOfFile.of(table, metrics);
    return entry(table, table.spec(), partition, SortOrder.unsorted(), file, metrics);
  }

  private static DataFile entry(
      Table table,
      PartitionSpec spec,
      StructLike partition,
      SortOrder order,
      InputFile file,
      Metrics metrics) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(LakeFiles.of(table).stored(file.location()))
            .withFormat(FileFormat.PARQUET)
            .withMetrics(metrics)
            .withFileSizeInBytes(file.getLength())
            .withSortOrder(order);
    return (spec.isUnpartitioned() ? builder : builder.withPartition(partition)).build();
  }

  private static Metrics read(Table table, InputFile file) {
    MetricsConfig config = MetricsConfig.forTable(table);
    Metrics metrics = read(file, config);
    requireFieldIds(table, config, metrics, file.location());
    return metrics;
  }

  private static Metrics read(InputFile file, MetricsConfig config) {
    try {
      return ParquetUtil.fileMetrics(file, config);
    } catch (RuntimeIOException e) {
      throw MillraceException.world(
          "Cannot read the footer of %s: %s".formatted(file.location(), e.getMessage()), e);
    }
  }

  /** A column without its id would read as null from then on. */
  private static void requireFieldIds(
      Table table, MetricsConfig config, Metrics metrics, String location) {
    Set<Integer> found = metrics.valueCounts().keySet();
    for (Types.NestedField column : table.schema().columns()) {
      boolean counted = config.columnMode(column.name()) != MetricsModes.None.get();
      if (column.type().isPrimitiveType() && counted && !found.contains(column.fieldId())) {
        throw MillraceException.us(
            "Cannot add %s to %s: the file has no column '%s' with field id %d"
                .formatted(location, table.name(), column.name(), column.fieldId()));
      }
    }
  }
}
