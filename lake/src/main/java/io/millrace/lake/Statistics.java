package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.datasketches.common.Family;
import org.apache.datasketches.theta.UpdateSketch;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.GenericBlobMetadata;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.puffin.Blob;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinWriter;
import org.apache.iceberg.puffin.StandardBlobTypes;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * How many different values each column of a table has, about: theta sketches in a Puffin file, as
 * Iceberg's format has them. Planners of other engines, such as Trino and Spark, order joins by
 * them; DuckDB does not read them.
 */
final class Statistics {

  /** Kept with each sketch, to know later how much a table has grown. */
  static final String ROWS = "millrace.rows";

  static final String DISTINCT = "ndv";

  private static final double GROWN = 1.2;

  /** Smaller tables are quick to read in whichever order. */
  private static final long FEWEST_ROWS = 10_000;

  private static final String QUARANTINE = "quarantine";

  private Statistics() {}

  /** Counts what has grown since it was last counted, unless it is more than a round can read. */
  static Optional<UpkeepPlan.Count> plan(TableName name, Table table, long maxBytes) {
    long bytes = total(table, SnapshotSummary.TOTAL_FILE_SIZE_PROP);
    long rows = total(table, SnapshotSummary.TOTAL_RECORDS_PROP);
    if (name.layer().equals(QUARANTINE) || rows < FEWEST_ROWS || bytes > maxBytes) {
      return Optional.empty();
    }
    Optional<Long> counted = newest(table).flatMap(Statistics::rows);
    if (counted.isPresent() && rows < counted.get() * GROWN) {
      return Optional.empty();
    }
    String reason =
        counted
            .map(before -> "%,d rows when last counted, now %,d".formatted(before, rows))
            .orElse("never counted");
    return Optional.of(new UpkeepPlan.Count(name, bytes, reason));
  }

  private static long total(Table table, String property) {
    return Long.parseLong(table.currentSnapshot().summary().getOrDefault(property, "0"));
  }

  private static Optional<StatisticsFile> newest(Table table) {
    return table.statisticsFiles().stream()
        .filter(file -> table.snapshot(file.snapshotId()) != null)
        .max(Comparator.comparing(file -> table.snapshot(file.snapshotId()).sequenceNumber()));
  }

  private static Optional<Long> rows(StatisticsFile file) {
    return file.blobMetadata().stream()
        .map(blob -> blob.properties().get(ROWS))
        .filter(rows -> rows != null)
        .map(Long::parseLong)
        .findFirst();
  }

  static void run(Table table) {
    Snapshot snapshot = table.currentSnapshot();
    Schema columns =
        table
            .schema()
            .select(
                table.schema().columns().stream()
                    .filter(column -> column.type().isPrimitiveType())
                    .map(Types.NestedField::name)
                    .toList());
    List<UpdateSketch> sketches = sketches(table, snapshot, columns);
    String name = "%d-%s.stats".formatted(snapshot.snapshotId(), UUID.randomUUID());
    OutputFile file =
        table
            .io()
            .newOutputFile(((HasTableOperations) table).operations().metadataFileLocation(name));
    table.updateStatistics().setStatistics(write(file, snapshot, columns, sketches)).commit();
  }

  private static List<UpdateSketch> sketches(Table table, Snapshot snapshot, Schema columns) {
    List<UpdateSketch> sketches = new ArrayList<>();
    columns
        .columns()
        .forEach(it -> sketches.add(UpdateSketch.builder().setFamily(Family.ALPHA).build()));
    for (DataFile file : DataFiles.of(table.newScan().useSnapshot(snapshot.snapshotId()))) {
      try (CloseableIterable<StructLike> rows =
          Parquet.read(table.io().newInputFile(file.location()))
              .project(columns)
              .reuseContainers()
              .createReaderFunc(message -> InternalReader.create(columns, message))
              .build()) {
        rows.forEach(row -> add(row, columns, sketches));
      } catch (IOException e) {
        throw MillraceException.world("Cannot read " + table.name() + ": " + e.getMessage(), e);
      }
    }
    return sketches;
  }

  private static void add(StructLike row, Schema columns, List<UpdateSketch> sketches) {
    for (int i = 0; i < sketches.size(); i++) {
      Object value = row.get(i, Object.class);
      if (value != null) {
        sketches.get(i).update(Conversions.toByteBuffer(columns.columns().get(i).type(), value));
      }
    }
  }

  private static StatisticsFile write(
      OutputFile file, Snapshot snapshot, Schema columns, List<UpdateSketch> sketches) {
    String rows = snapshot.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP);
    try (PuffinWriter writer = Puffin.write(file).createdBy("Millrace").build()) {
      for (int i = 0; i < sketches.size(); i++) {
        UpdateSketch sketch = sketches.get(i);
        writer.write(
            new Blob(
                StandardBlobTypes.APACHE_DATASKETCHES_THETA_V1,
                List.of(columns.columns().get(i).fieldId()),
                snapshot.snapshotId(),
                snapshot.sequenceNumber(),
                ByteBuffer.wrap(sketch.compact().toByteArray()),
                null,
                Map.of(DISTINCT, Long.toString(Math.round(sketch.getEstimate())), ROWS, rows)));
      }
      writer.finish();
      return new GenericStatisticsFile(
          snapshot.snapshotId(),
          file.location(),
          writer.fileSize(),
          writer.footerSize(),
          writer.writtenBlobsMetadata().stream().map(GenericBlobMetadata::from).toList());
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file.location() + ": " + e.getMessage(), e);
    }
  }

  /** Statistics go with their snapshot, so they move to the current one before theirs expires. */
  static void keep(Table table, Set<Long> expired) {
    newest(table)
        .filter(file -> expired.contains(file.snapshotId()))
        .ifPresent(
            file ->
                table
                    .updateStatistics()
                    .setStatistics(
                        new GenericStatisticsFile(
                            table.currentSnapshot().snapshotId(),
                            file.path(),
                            file.fileSizeInBytes(),
                            file.fileFooterSizeInBytes(),
                            file.blobMetadata()))
                    .commit());
  }
}
