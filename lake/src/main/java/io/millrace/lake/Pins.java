package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Reads the catalog in one statement, which SQLite answers from one state, and remembers what never
 * changes: a metadata file and a manifest are written once.
 */
final class Pins implements AutoCloseable {

  private static final int MAX_TABLES = 512;
  private static final int MAX_MANIFESTS = 8192;
  private static final int MAX_ATTEMPTS = 5;

  private final Connection connection;
  private final FileIO files;
  private final Map<String, TableMetadata> tables = cache(MAX_TABLES);
  private final Map<String, List<String>> manifests = cache(MAX_MANIFESTS);

  Pins(String url, FileIO files) {
    this.files = files;
    try {
      this.connection = DriverManager.getConnection(url);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot open the catalog: " + e.getMessage(), e);
    }
  }

  SortedMap<TableName, PinnedTable> now() {
    return pin(TableMetadata::currentSnapshot);
  }

  SortedMap<TableName, PinnedTable> at(Instant instant) {
    return pin(metadata -> snapshotAt(metadata, instant));
  }

  private synchronized SortedMap<TableName, PinnedTable> pin(
      Function<TableMetadata, Snapshot> choose) {
    for (int attempt = 1; ; attempt++) {
      try {
        SortedMap<TableName, PinnedTable> pinned = new TreeMap<>();
        locations()
            .forEach(
                (name, location) -> {
                  TableMetadata table =
                      tables.computeIfAbsent(location, key -> TableMetadataParser.read(files, key));
                  pinned.put(name, pinned(name, table, choose.apply(table)));
                });
        return pinned;
      } catch (NotFoundException e) {
        // Many commits came between reading the catalog and reading the file.
        if (attempt == MAX_ATTEMPTS) {
          throw MillraceException.world("Cannot read the lake: " + e.getMessage(), e);
        }
      }
    }
  }

  private SortedMap<TableName, String> locations() {
    SortedMap<TableName, String> locations = new TreeMap<>();
    String sql =
        "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables"
            + " WHERE catalog_name = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, Lake.CATALOG);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          locations.put(new TableName(rows.getString(1), rows.getString(2)), rows.getString(3));
        }
      }
      return locations;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read the catalog: " + e.getMessage(), e);
    }
  }

  /** Null if the table had no snapshot yet. */
  private static Snapshot snapshotAt(TableMetadata table, Instant instant) {
    List<HistoryEntry> log = table.snapshotLog();
    for (int i = log.size() - 1; i >= 0; i--) {
      if (log.get(i).timestampMillis() <= instant.toEpochMilli()) {
        return table.snapshot(log.get(i).snapshotId());
      }
    }
    if (!log.isEmpty() && table.snapshot(log.get(0).snapshotId()).parentId() != null) {
      throw MillraceException.caller(
          "Cannot read the lake as of %s: snapshots before %s have expired"
              .formatted(instant, Instant.ofEpochMilli(log.get(0).timestampMillis())));
    }
    return null;
  }

  private PinnedTable pinned(TableName name, TableMetadata table, Snapshot snapshot) {
    return new Pinned(name, table, Optional.ofNullable(snapshot));
  }

  private final class Pinned implements PinnedTable {
    private final TableName name;
    private final TableMetadata table;
    private final Optional<Snapshot> snapshot;

    Pinned(TableName name, TableMetadata table, Optional<Snapshot> snapshot) {
      this.name = name;
      this.table = table;
      this.snapshot = snapshot;
    }

    @Override
    public TableName name() {
      return name;
    }

    @Override
    public Optional<Long> snapshotId() {
      return snapshot.map(Snapshot::snapshotId);
    }

    @Override
    public Optional<Instant> committedAt() {
      return snapshot.map(Snapshot::timestampMillis).map(Instant::ofEpochMilli);
    }

    @Override
    public Schema schema() {
      return table.schema();
    }

    @Override
    public long rows() {
      return snapshot
          .map(it -> Long.parseLong(it.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP)))
          .orElse(0L);
    }

    @Override
    public List<String> files() {
      return snapshot.map(it -> filesOf(table, it)).orElse(List.of());
    }

    @Override
    public String toString() {
      return name + snapshot.map(it -> "@" + it.snapshotId()).orElse("@empty");
    }
  }

  private List<String> filesOf(TableMetadata table, Snapshot snapshot) {
    List<String> locations = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(files)) {
      List<String> known;
      synchronized (manifests) {
        known = manifests.get(manifest.path());
      }
      if (known == null) {
        known = filesOf(table, manifest);
        synchronized (manifests) {
          manifests.put(manifest.path(), known);
        }
      }
      locations.addAll(known);
    }
    return List.copyOf(locations);
  }

  private List<String> filesOf(TableMetadata table, ManifestFile manifest) {
    List<String> locations = new ArrayList<>();
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, files, table.specsById())) {
      reader.forEach(file -> locations.add(file.location()));
    } catch (NotFoundException e) {
      throw MillraceException.world(
          "Cannot read the lake: the snapshot has expired since it was looked up; try again", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest.path(), e);
    }
    return List.copyOf(locations);
  }

  private static <K, V> Map<K, V> cache(int limit) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > limit;
      }
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
