package io.millrace.lake;

import io.millrace.core.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;

/**
 * Files in a table's folder that no snapshot has.
 *
 * <p>A file may be young: it is being written. It may be old and still wanted: a stream that was
 * stopped after a checkpoint commits that checkpoint's files when it starts again, days later
 * perhaps. So a file counts only when rows were committed to its table well after the file was
 * written, which shows that what was waiting then has been committed or given up, and when that
 * commit is not brand new. The same holds for what a build of a model left behind, because a table
 * has one build at a time.
 */
final class Orphans {

  private static final Duration YOUNG = Duration.ofHours(24);
  private static final Duration WELL_AFTER = Duration.ofHours(1);
  private static final Duration BRAND_NEW = Duration.ofMinutes(10);

  private Orphans() {}

  static UpkeepPlan.Delete plan(TableName name, Table table, Instant now) {
    List<FileInfo> files = find(table, now);
    long bytes = files.stream().mapToLong(FileInfo::size).sum();
    return new UpkeepPlan.Delete(name, files.stream().map(FileInfo::location).toList(), bytes);
  }

  private static List<FileInfo> find(Table table, Instant now) {
    Optional<Instant> write =
        Retention.newestWrite(table)
            .map(snapshot -> Instant.ofEpochMilli(snapshot.timestampMillis()))
            .filter(at -> at.isBefore(now.minus(BRAND_NEW)));
    if (write.isEmpty()) {
      return List.of();
    }
    Instant written = earlier(now.minus(YOUNG), write.get().minus(WELL_AFTER));
    LakeFiles io = LakeFiles.of(table);
    List<FileInfo> old =
        io.below(table.location()).stream()
            .filter(file -> file.createdAtMillis() < written.toEpochMilli())
            .sorted(Comparator.comparing(FileInfo::location))
            .toList();
    if (old.isEmpty()) {
      return List.of();
    }
    Set<String> known = reachable(table);
    return old.stream().filter(file -> !known.contains(io.path(file.location()))).toList();
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Set<String> reachable(Table table) {
    Set<String> locations = new HashSet<>(ReachableFileUtil.metadataFileLocations(table, false));
    locations.addAll(ReachableFileUtil.manifestListLocations(table));
    locations.addAll(ReachableFileUtil.statisticsFilesLocations(table));
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (locations.add(manifest.path())) {
          addFiles(table, manifest, locations);
        }
      }
    }
    Set<String> paths = new HashSet<>();
    LakeFiles io = LakeFiles.of(table);
    locations.forEach(location -> paths.add(io.path(location)));
    return paths;
  }

  private static void addFiles(Table table, ManifestFile manifest, Set<String> locations) {
    try (ManifestReader<DataFile> reader =
        ManifestFiles.read(manifest, table.io(), table.specs())) {
      reader.forEach(file -> locations.add(file.location()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest.path(), e);
    }
  }
}
