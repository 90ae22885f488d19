package io.millrace.lake;

import io.millrace.core.MetadataTables;
import io.millrace.core.MetadataTables.Statements;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Reads the catalog and the releases in one transaction, which SQLite answers from one state, and
 * remembers the newest metadata of each table: it knows all snapshots that are kept, so that of a
 * table with many commits is large, and the one before is of no more use.
 */
final class Pins implements AutoCloseable {

  /** Before the hour, as {@code 2026-11-21T10}: a tag of the last snapshot of that hour. */
  static final String HOURLY_TAG = "hour_";

  private static final Set<String> LAYERS_OF_MODELS = Set.of("silver", "gold");
  private static final int MAX_TABLES = 512;
  private static final int MAX_ATTEMPTS = 5;

  private final MetadataTables releases;
  private final LakeFiles files;
  private final Manifests manifests;
  private final Map<TableName, Known> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TableName, Known> eldest) {
          return size() > MAX_TABLES;
        }
      };

  Pins(Path metadata, LakeFiles files) {
    this.files = files;
    this.manifests = new Manifests(files);
    this.releases = Releases.tables(metadata, "the catalog");
  }

  synchronized SortedMap<TableName, PinnedTable> pin(AsOf asOf) {
    for (int attempt = 1; ; attempt++) {
      try {
        State state = read(asOf);
        SortedMap<TableName, PinnedTable> pinned = new TreeMap<>();
        state.locations.forEach(
            (name, location) -> {
              TableMetadata table = metadata(name, location);
              Choice.of(name, table, asOf, state.release)
                  .ifPresent(choice -> pinned.put(name, pinned(name, table, choice.snapshot())));
            });
        return Collections.unmodifiableSortedMap(pinned);
      } catch (NotFoundException e) {
        // Many commits came between reading the catalog and reading the file.
        if (attempt == MAX_ATTEMPTS) {
          throw MillraceException.world("Cannot read the lake: " + e.getMessage(), e);
        }
      }
    }
  }

  private record Known(String location, TableMetadata table) {}

  private TableMetadata metadata(TableName name, String location) {
    Known known = tables.get(name);
    if (known == null || !known.location().equals(location)) {
      known = new Known(location, TableMetadataParser.read(files, location));
      tables.put(name, known);
    }
    return known.table();
  }

  /** How many metadata files are remembered. */
  synchronized int remembered() {
    return tables.size();
  }

  PinnedTable pinned(TableName name, TableMetadata table, Optional<Snapshot> snapshot) {
    return new Pinned(name, table, snapshot, files, manifests);
  }

  /**
   * What the metadata database says: where each table's metadata is, and which release is meant.
   */
  private record State(SortedMap<TableName, String> locations, Optional<Release> release) {}

  private State read(AsOf asOf) {
    return releases.read(statements -> new State(locations(statements), release(statements, asOf)));
  }

  private static Optional<Release> release(Statements statements, AsOf asOf) throws SQLException {
    if (asOf instanceof AsOf.Release release) {
      return Optional.of(Releases.load(statements, release.id()));
    }
    return asOf instanceof AsOf.Time time
        ? Releases.at(statements, time.instant())
        : Releases.newest(statements);
  }

  /** The metadata file of each table, which is another one after each change of the table. */
  synchronized SortedMap<TableName, String> metadataFiles() {
    return read(new AsOf.Head()).locations();
  }

  private static SortedMap<TableName, String> locations(Statements statements) throws SQLException {
    SortedMap<TableName, String> locations = new TreeMap<>();
    statements.select(
        row -> locations.put(new TableName(row.getString(1), row.getString(2)), row.getString(3)),
        "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables"
            + " WHERE catalog_name = ?",
        Lake.CATALOG);
    return locations;
  }

  /** Whether a table is a model's, of which readers see what a release names. */
  static boolean isModel(TableName name) {
    return LAYERS_OF_MODELS.contains(name.layer());
  }

  @Override
  public void close() {
    releases.close();
  }
}
