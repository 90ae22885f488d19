package io.millrace.lake;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.millrace.core.MetadataTables;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ledger of commits: for each commit of each stream a sealed {@link LedgerEntry}, kept in the
 * metadata database beside the catalog. Only the stream job's committer adds entries; anyone may
 * read, and whoever has made a correction may propose it. For one thread.
 */
public final class Ledger implements AutoCloseable {

  private static final String OUTCOMES = MetadataTables.script(Ledger.class, "outcomes.sql");

  private final MetadataTables tables;

  private Ledger(MetadataTables tables) {
    this.tables = tables;
  }

  /**
   * Opens the ledger, making it if there is none.
   *
   * @param metadata the metadata database
   */
  public static Ledger open(Path metadata) {
    return new Ledger(MetadataTables.open(metadata, "the ledger", Ledger.class, "ledger.sql"));
  }

  /** The entry with the highest sequence. */
  public Optional<LedgerEntry> last(String stream) {
    List<LedgerEntry> last =
        entries(
            "stream = ? AND sequence = (SELECT max(sequence) FROM commits WHERE stream = ?)",
            stream,
            stream);
    return last.stream().findFirst();
  }

  /** All entries after a sequence, in order; from the first with 0. */
  public List<LedgerEntry> after(String stream, long sequence) {
    return entries("stream = ? AND sequence > ?", stream, sequence);
  }

  /** The entries after a sequence and up to another, in order. */
  public List<LedgerEntry> between(String stream, long after, long upTo) {
    return entries("stream = ? AND sequence > ? AND sequence <= ?", stream, after, upTo);
  }

  /** The first offset of each of a topic's partitions that no entry accounts for yet. */
  public Map<TopicPartition, Long> ends(String stream) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    String sql =
        "SELECT topic, topic_partition, max(to_offset) FROM commit_ranges WHERE stream = ?"
            + " AND topic_partition >= 0 GROUP BY topic, topic_partition";
    tables.select(
        row -> ends.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3)),
        sql,
        stream);
    return ends;
  }

  /** The sequence of the last commit that corrected others; 0 if none did. */
  public long lastCorrection(String stream) {
    return tables
        .first(
            row -> row.getLong(1),
            "SELECT coalesce(max(sequence), 0) FROM commit_corrections WHERE stream = ?",
            stream)
        .orElse(0L);
  }

  /** How many records came to what. */
  public record Outcomes(long accepted, long rejected, long repeated, long late) {

    public long total() {
      return accepted + rejected + repeated + late;
    }
  }

  /** What became of the records of the newest commits, of a thousand at most. */
  public Outcomes outcomes(String stream, Instant since) {
    return tables
        .first(
            row -> new Outcomes(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
            OUTCOMES,
            stream,
            stream,
            MetadataTables.micros(since))
        .orElseThrow();
  }

  /** A partition of a topic. */
  public record TopicPartition(String topic, int partition) {}

  /** Adds an entry in one transaction. */
  public void add(LedgerEntry entry) {
    tables.together(
        it -> {
          it.update(
              "INSERT INTO commits VALUES (?, ?, ?, ?, ?)",
              entry.stream(),
              entry.sequence(),
              entry.checkpoint(),
              entry.sealedAtMicros(),
              entry.seal());
          for (LedgerEntry.Range range : entry.ranges()) {
            it.update(
                "INSERT INTO commit_ranges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                entry.stream(),
                entry.sequence(),
                range.topic(),
                range.partition(),
                range.from(),
                range.to(),
                range.accepted(),
                range.rejected(),
                range.repeated(),
                range.late(),
                range.absent());
          }
          for (LedgerEntry.Part part : entry.parts()) {
            it.update(
                "INSERT INTO commit_parts VALUES (?, ?, ?, ?, ?, ?)",
                entry.stream(),
                entry.sequence(),
                part.table().toString(),
                part.rows(),
                part.fingerprint(),
                part.snapshot());
          }
          if (entry.corrects().isPresent()) {
            it.update(
                "INSERT INTO commit_corrections VALUES (?, ?, ?, ?)",
                entry.stream(),
                entry.sequence(),
                entry.corrects().get().first(),
                entry.corrects().get().last());
            it.update("DELETE FROM proposed_corrections WHERE stream = ?", entry.stream());
          }
          for (LoadedFile file : entry.files()) {
            it.update(
                "INSERT INTO loaded_files VALUES (?, ?, ?, ?, ?, ?)",
                entry.stream(),
                file.number(),
                entry.sequence(),
                file.location(),
                file.bytes(),
                file.sha256());
            it.update("DELETE FROM proposed_loads WHERE stream = ?", entry.stream());
          }
        });
  }

  /**
   * Asks the committer to make a correction the stream's next commit.
   *
   * @return false if another one waits already
   */
  public boolean propose(Correction correction) {
    return tables.write(
            it ->
                it.update(
                    "INSERT OR IGNORE INTO proposed_corrections VALUES (?, ?)",
                    correction.stream(),
                    correction.toBytes()))
        == 1;
  }

  /** The correction that waits for the committer. */
  public Optional<Correction> proposed(String stream) {
    return tables.first(
        row -> Correction.fromBytes(row.getBytes(1)),
        "SELECT correction FROM proposed_corrections WHERE stream = ?",
        stream);
  }

  /** The committer cannot make it. */
  void refuse(Correction correction) {
    tables.write("DELETE FROM proposed_corrections WHERE stream = ?", correction.stream());
  }

  /**
   * Asks the committer to make a load the stream's next commit.
   *
   * @return false if another one waits already
   */
  public boolean propose(Load load) {
    return tables.write(
            it ->
                it.update(
                    "INSERT OR IGNORE INTO proposed_loads VALUES (?, ?)",
                    load.stream(),
                    load.toBytes()))
        == 1;
  }

  /** The load that waits for the committer. */
  public Optional<Load> proposedLoad(String stream) {
    return tables.first(
        row -> Load.fromBytes(row.getBytes(1)),
        "SELECT load FROM proposed_loads WHERE stream = ?",
        stream);
  }

  /** The committer cannot make it. */
  void refuse(Load load) {
    tables.write("DELETE FROM proposed_loads WHERE stream = ?", load.stream());
  }

  /** The files that were loaded into a stream, in their order. */
  public List<LoadedFile> loadedFiles(String stream) {
    return tables.select(
        Ledger::loadedFile, "SELECT * FROM loaded_files WHERE stream = ? ORDER BY number", stream);
  }

  /** The highest number of a file that was loaded into a stream; 0 before the first. */
  public long lastLoadedFile(String stream) {
    return tables
        .first(
            row -> row.getLong(1),
            "SELECT coalesce(max(number), 0) FROM loaded_files WHERE stream = ?",
            stream)
        .orElseThrow();
  }

  /** The sequence of the commit that a loaded file came with, by its number. */
  public Optional<Long> commitOfFile(String stream, int number) {
    return tables.first(
        row -> row.getLong(1),
        "SELECT sequence FROM loaded_files WHERE stream = ? AND number = ?",
        stream,
        number);
  }

  private List<LedgerEntry> entries(String where, Object... values) {
    String order = " ORDER BY sequence, ";
    // One transaction, so that an entry being added is seen whole or not at all.
    return tables.read(
        it -> {
          Map<Long, List<LedgerEntry.Range>> ranges =
              bySequence(
                  it.select(
                      row -> Map.entry(row.getLong("sequence"), range(row)),
                      "SELECT * FROM commit_ranges WHERE "
                          + where
                          + order
                          + "topic, topic_partition",
                      values));
          Map<Long, List<LedgerEntry.Part>> parts =
              bySequence(
                  it.select(
                      row -> Map.entry(row.getLong("sequence"), part(row)),
                      "SELECT * FROM commit_parts WHERE " + where + order + "table_name",
                      values));
          Map<Long, List<LedgerEntry.Corrected>> corrected =
              bySequence(
                  it.select(
                      row -> Map.entry(row.getLong("sequence"), corrected(row)),
                      "SELECT * FROM commit_corrections WHERE " + where,
                      values));
          Map<Long, List<LoadedFile>> files =
              bySequence(
                  it.select(
                      row -> Map.entry(row.getLong("sequence"), loadedFile(row)),
                      "SELECT * FROM loaded_files WHERE " + where,
                      values));
          return it.select(
              row -> entry(row, ranges, parts, corrected, files),
              "SELECT * FROM commits WHERE " + where + " ORDER BY sequence",
              values);
        });
  }

  private static <T> Map<Long, List<T>> bySequence(List<Map.Entry<Long, T>> rows) {
    return rows.stream()
        .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
  }

  private static LedgerEntry entry(
      ResultSet row,
      Map<Long, List<LedgerEntry.Range>> ranges,
      Map<Long, List<LedgerEntry.Part>> parts,
      Map<Long, List<LedgerEntry.Corrected>> corrected,
      Map<Long, List<LoadedFile>> files)
      throws SQLException {
    long sequence = row.getLong("sequence");
    return new LedgerEntry(
        row.getString("stream"),
        sequence,
        row.getLong("checkpoint"),
        row.getLong("sealed_at_micros"),
        ranges.getOrDefault(sequence, List.of()),
        parts.getOrDefault(sequence, List.of()),
        corrected.getOrDefault(sequence, List.of()).stream().findFirst(),
        files.getOrDefault(sequence, List.of()),
        row.getString("seal"));
  }

  private static LedgerEntry.Range range(ResultSet row) throws SQLException {
    return new LedgerEntry.Range(
        row.getString("topic"),
        row.getInt("topic_partition"),
        row.getLong("from_offset"),
        row.getLong("to_offset"),
        row.getLong("accepted"),
        row.getLong("rejected"),
        row.getLong("repeated"),
        row.getLong("late"),
        row.getLong("absent"));
  }

  private static LedgerEntry.Part part(ResultSet row) throws SQLException {
    return new LedgerEntry.Part(
        TableName.parse(row.getString("table_name")),
        row.getLong("rows"),
        row.getLong("fingerprint"),
        row.getLong("snapshot"));
  }

  private static LedgerEntry.Corrected corrected(ResultSet row) throws SQLException {
    return new LedgerEntry.Corrected(row.getLong("first_sequence"), row.getLong("last_sequence"));
  }

  private static LoadedFile loadedFile(ResultSet row) throws SQLException {
    return new LoadedFile(
        row.getInt("number"),
        row.getString("location"),
        row.getLong("bytes"),
        row.getString("sha256"));
  }

  @Override
  public void close() {
    tables.close();
  }
}
