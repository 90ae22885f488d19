package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Types;

/** A snapshot in the metadata file it was found in. */
final class Pinned implements PinnedTable {

  private final TableName name;
  private final TableMetadata table;
  private final Optional<Snapshot> snapshot;
  private final LakeFiles io;
  private final Manifests manifests;

  Pinned(
      TableName name,
      TableMetadata table,
      Optional<Snapshot> snapshot,
      LakeFiles io,
      Manifests manifests) {
    this.name = name;
    this.table = table;
    this.snapshot = snapshot;
    this.io = io;
    this.manifests = manifests;
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
  public long sequence() {
    return snapshot.map(Snapshot::sequenceNumber).orElse(0L);
  }

  @Override
  public Schema schema() {
    return snapshot
        .map(Snapshot::schemaId)
        .filter(it -> Pins.isModel(name))
        .map(it -> table.schemasById().get(it))
        .orElseGet(table::schema);
  }

  @Override
  public FieldNames fieldNames() {
    return FieldNames.of(table.schemasById());
  }

  @Override
  public long rows() {
    return snapshot.map(History::rows).orElse(0L);
  }

  @Override
  public Map<String, String> summary() {
    return snapshot.map(Snapshot::summary).orElse(Map.of());
  }

  @Override
  public List<String> files() {
    return snapshot.map(it -> manifests.files(table, it)).orElse(List.of());
  }

  @Override
  public List<String> files(Span span) {
    Types.NestedField column = schema().asStruct().field(span.column());
    if (snapshot.isEmpty() || column == null || !Span.isTime(column.type()) || span.isAlways()) {
      return files();
    }
    return manifests.files(
        table,
        snapshot.get(),
        column.fieldId(),
        span.first(column.type()),
        span.end(column.type()));
  }

  @Override
  public Changes since(OptionalLong from) {
    OptionalLong known = from.orElse(EMPTY) == EMPTY ? OptionalLong.empty() : from;
    return snapshot
        .<Changes>map(to -> new History(name, table, io, manifests).between(known, to))
        .orElseGet(Changes.None::new);
  }

  @Override
  public Optional<PinnedTable> at(long earlier) {
    return Optional.ofNullable(table.snapshot(earlier))
        .map(it -> new Pinned(name, table, Optional.of(it), io, manifests));
  }

  @Override
  public String toString() {
    return name + snapshot.map(it -> "@" + it.snapshotId()).orElse("@empty");
  }
}
