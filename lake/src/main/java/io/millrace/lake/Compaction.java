package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/**
 * Makes one file of many small ones of a partition. Files are taken together with others of about
 * their size, so that a row is written again a few times on its way to a full file and not with
 * each of them.
 */
final class Compaction {

  private static final long TARGET_BYTES = 128L << 20;
  private static final long SMALLEST_TIER_BYTES = 256L << 10;
  private static final int TIER_FACTOR = 4;

  /** A partition may have this many files of about one size. */
  private static final int FILES_LEFT_ALONE = 8;

  private static final long MAX_BYTES_PER_RUN = 512L << 20;
  private static final int MAX_REWRITES_PER_RUN = 64;
  private static final long ROW_GROUP_BYTES = 32L << 20;
  private static final int MAX_ATTEMPTS = 10;

  private Compaction() {}

  /** What one run may still rewrite. */
  static final class Budget {
    private long bytes = MAX_BYTES_PER_RUN;
    private int rewrites = MAX_REWRITES_PER_RUN;

    private boolean take(long wanted) {
      if (wanted > bytes || rewrites == 0) {
        return false;
      }
      bytes -= wanted;
      rewrites--;
      return true;
    }
  }

  static List<UpkeepPlan.Step> plan(TableName name, Table table, Budget budget) {
    Map<String, List<DataFile>> groups = new TreeMap<>();
    for (DataFile file : files(table)) {
      if (file.fileSizeInBytes() < TARGET_BYTES / 2) {
        String key = "%d %d %s".formatted(file.specId(), tier(file), partition(table, file));
        groups.computeIfAbsent(key, it -> new ArrayList<>()).add(file);
      }
    }
    List<UpkeepPlan.Step> steps = new ArrayList<>();
    for (List<DataFile> group : groups.values()) {
      if (group.size() > FILES_LEFT_ALONE) {
        pack(group).stream()
            .map(files -> rewrite(name, table, files))
            .filter(rewrite -> budget.take(rewrite.bytes()))
            .forEach(steps::add);
      }
    }
    return steps;
  }

  private static int tier(DataFile file) {
    int tier = 0;
    for (long bytes = SMALLEST_TIER_BYTES; bytes < file.fileSizeInBytes(); bytes *= TIER_FACTOR) {
      tier++;
    }
    return tier;
  }

  /** Oldest first, as many as make up a file; a last one alone stays as it is. */
  private static List<List<DataFile>> pack(List<DataFile> group) {
    group.sort(
        Comparator.comparing(DataFile::dataSequenceNumber, Comparator.naturalOrder())
            .thenComparing(DataFile::location));
    List<List<DataFile>> packs = new ArrayList<>();
    List<DataFile> pack = new ArrayList<>();
    long bytes = 0;
    for (DataFile file : group) {
      if (bytes + file.fileSizeInBytes() > TARGET_BYTES) {
        packs.add(pack);
        pack = new ArrayList<>();
        bytes = 0;
      }
      pack.add(file);
      bytes += file.fileSizeInBytes();
    }
    packs.add(pack);
    packs.removeIf(it -> it.size() < 2);
    return packs;
  }

  private static UpkeepPlan.Rewrite rewrite(TableName name, Table table, List<DataFile> files) {
    return new UpkeepPlan.Rewrite(
        name,
        partition(table, files.get(0)),
        files.stream().map(DataFile::location).toList(),
        files.stream().mapToLong(DataFile::fileSizeInBytes).sum());
  }

  private static String partition(Table table, DataFile file) {
    return table.specs().get(file.specId()).partitionToPath(file.partition());
  }

  private static List<DataFile> files(Table table) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (!task.deletes().isEmpty()) {
          throw MillraceException.us(
              "Cannot compact %s: it has delete files".formatted(table.name()));
        }
        files.add(task.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Does nothing if the files are no longer all there. */
  static void run(UpkeepPlan.Rewrite rewrite, Table table) {
    Set<String> wanted = new HashSet<>(rewrite.files());
    List<DataFile> old =
        files(table).stream().filter(file -> wanted.contains(file.location())).toList();
    if (old.size() < wanted.size()) {
      return;
    }
    DataFile merged = merge(table, old);
    try {
      if (!replace(table, old, merged)) {
        table.io().deleteFile(merged.location());
      }
    } catch (RuntimeException e) {
      if (e instanceof org.apache.iceberg.exceptions.CleanableFailure) {
        table.io().deleteFile(merged.location());
      }
      throw e;
    }
  }

  private static DataFile merge(Table table, List<DataFile> old) {
    PartitionSpec spec = table.specs().get(old.get(0).specId());
    StructLike partition = old.get(0).partition();
    String name = UUID.randomUUID() + ".parquet";
    String location =
        spec.isUnpartitioned()
            ? table.locationProvider().newDataLocation(name)
            : table.locationProvider().newDataLocation(spec, partition, name);
    Schema schema = table.schema();
    long rows = 0;
    try {
      DataWriter<Record> writer =
          Parquet.writeData(table.io().newOutputFile(location))
              .forTable(table)
              .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(ROW_GROUP_BYTES))
              .withSpec(spec)
              .withPartition(spec.isUnpartitioned() ? null : partition)
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        for (DataFile file : old) {
          try (CloseableIterable<Record> records =
              Parquet.read(table.io().newInputFile(file.location()))
                  .project(schema)
                  .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
                  .reuseContainers()
                  .build()) {
            records.forEach(writer::write);
          }
          rows += file.recordCount();
        }
      }
      DataFile merged = writer.toDataFile();
      if (merged.recordCount() != rows) {
        throw MillraceException.us(
            "Cannot compact %s: %d rows became %d"
                .formatted(table.name(), rows, merged.recordCount()));
      }
      return merged;
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + location + ": " + e.getMessage(), e);
    }
  }

  /**
   * Commits on the snapshot whose properties it carries on, or not at all: a stream finds in the
   * newest snapshot what it has committed, so a rewrite must not put older properties on top.
   *
   * @return false if the table kept moving; the next run tries again
   */
  private static boolean replace(Table table, List<DataFile> old, DataFile merged) {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      table.refresh();
      Snapshot head = table.currentSnapshot();
      RewriteFiles rewrite = table.newRewrite().addFile(merged);
      old.forEach(rewrite::deleteFile);
      head.summary().entrySet().stream()
          .filter(property -> property.getKey().startsWith(Commits.PROPERTY_PREFIX))
          .forEach(property -> rewrite.set(property.getKey(), property.getValue()));
      rewrite.set(Commits.KIND, Commits.REWRITE);
      boolean[] moved = {false};
      rewrite.validateWith(
          ancestors -> {
            moved[0] = ancestors.iterator().next().snapshotId() != head.snapshotId();
            return !moved[0];
          });
      try {
        rewrite.commit();
        return true;
      } catch (ValidationException e) {
        if (!moved[0]) {
          throw e;
        }
      }
    }
    return false;
  }
}
