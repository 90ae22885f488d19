package io.millrace.lake;

import io.millrace.core.MetadataTables;
import io.millrace.core.MetadataTables.Statements;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger.TopicPartition;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The book of erasures, kept in the metadata database beside the ledger: who was erased, from where
 * on, and which rows the ledger counts that no table has any longer. Safe for several threads.
 */
public final class Erasures implements AutoCloseable {

  private final MetadataTables tables;
  private final InstantSource clock;

  private Erasures(MetadataTables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * Opens the book, making it if there is none.
   *
   * @param metadata the metadata database
   */
  public static Erasures open(Path metadata, InstantSource clock) {
    return new Erasures(
        MetadataTables.open(metadata, "the erasures", Erasures.class, "erasures.sql"), clock);
  }

  /**
   * One erasure.
   *
   * @param people by the first pseudonym of each value, 32 hexadecimal digits
   * @param cuts where each partition of the topics ended when it began, and how many files had been
   *     loaded, at {@link LoadedFile#all}
   * @param done empty while it is under way
   */
  public record Erasure(
      long id,
      Instant begun,
      Optional<Instant> done,
      Set<String> people,
      Map<TopicPartition, Long> cuts) {
    public Erasure {
      people = Set.copyOf(people);
      cuts = Map.copyOf(cuts);
    }

    /** Whether a record came after it. */
    public boolean isBefore(TopicPartition key, long offset) {
      if (LoadedFile.isPartition(key.partition())) {
        return -key.partition() > cuts.getOrDefault(LoadedFile.all(key.topic()), 0L);
      }
      return cuts.containsKey(key) && offset >= cuts.get(key);
    }
  }

  /** A row that was taken out of a table, by the record it came from. */
  public record ErasedRow(TopicPartition key, long offset, long fingerprint) {}

  /** Begins to erase people. */
  public Erasure begin(Set<String> people, Map<TopicPartition, Long> cuts) {
    long micros = MetadataTables.micros(clock.instant());
    long id =
        tables.write(
            statements -> {
              long made =
                  statements.insert("INSERT INTO erasures (begun_at_micros) VALUES (?)", micros);
              for (String person : people) {
                statements.update("INSERT INTO erasure_people VALUES (?, ?)", made, person);
              }
              for (Map.Entry<TopicPartition, Long> cut : cuts.entrySet()) {
                statements.update(
                    "INSERT INTO erasure_cuts VALUES (?, ?, ?, ?)",
                    made,
                    cut.getKey().topic(),
                    cut.getKey().partition(),
                    cut.getValue());
              }
              return made;
            });
    return new Erasure(id, MetadataTables.instant(micros), Optional.empty(), people, cuts);
  }

  /** All of them, the oldest first. */
  public List<Erasure> all() {
    return tables.read(
        statements -> {
          List<Erasure> all = new ArrayList<>();
          for (long id :
              statements.select(row -> row.getLong("id"), "SELECT id FROM erasures ORDER BY id")) {
            all.add(load(statements, id));
          }
          return all;
        });
  }

  private static Erasure load(Statements statements, long id) throws SQLException {
    Map<TopicPartition, Long> cuts = new HashMap<>();
    statements.select(
        row -> cuts.put(key(row), row.getLong("topic_offset")),
        "SELECT * FROM erasure_cuts WHERE erasure = ?",
        id);
    Set<String> people =
        Set.copyOf(
            statements.select(
                row -> row.getString(1),
                "SELECT pseudonym FROM erasure_people WHERE erasure = ?",
                id));
    return statements
        .first(
            row ->
                new Erasure(
                    id,
                    MetadataTables.instant(row.getLong("begun_at_micros")),
                    MetadataTables.time(row, "done_at_micros"),
                    people,
                    cuts),
            "SELECT * FROM erasures WHERE id = ?",
            id)
        .orElseThrow();
  }

  /** The newest erasure; 0 before the first. */
  public long newest() {
    return tables
        .first(row -> row.getLong(1), "SELECT coalesce(max(id), 0) FROM erasures")
        .orElseThrow();
  }

  /** A subtask of the stream job goes by all erasures up to this one from its next record on. */
  public void notice(int subtask, long erasure) {
    tables.write("INSERT OR REPLACE INTO erasure_noticed VALUES (?, ?)", subtask, erasure);
  }

  /** Whether so many subtasks go by it. */
  public boolean isNoticed(long erasure, int subtasks) {
    return tables
            .first(
                row -> row.getLong(1),
                "SELECT count(*) FROM erasure_noticed WHERE subtask < ? AND erasure >= ?",
                subtasks,
                erasure)
            .orElseThrow()
        >= subtasks;
  }

  /** What is about to be taken out of a table; in place of what was noted before. */
  void plan(long erasure, TableName table, List<ErasedRow> rows) {
    tables.together(
        statements -> {
          statements.update(
              "DELETE FROM erased_rows WHERE table_name = ? AND erasure = ?",
              table.toString(),
              erasure);
          for (ErasedRow row : rows) {
            statements.update(
                "INSERT INTO erased_rows VALUES (?, ?, ?, ?, ?, ?)",
                table.toString(),
                row.key().topic(),
                row.key().partition(),
                row.offset(),
                erasure,
                row.fingerprint());
          }
        });
  }

  /** What was planned has been taken out. */
  void done(long erasure, TableName table, Optional<Long> snapshot) {
    tables.write(
        "INSERT OR REPLACE INTO erased_parts SELECT ?1, ?2, count(*), ?3 FROM erased_rows WHERE erasure = ?1 AND table_name = ?2",
        erasure,
        table.toString(),
        snapshot.orElse(null));
  }

  /** The snapshot by which an erasure took rows out of a table; empty if it had none to take. */
  public Optional<Long> snapshot(long erasure, TableName table) {
    return tables
        .select(
            row -> MetadataTables.number(row, "snapshot"),
            "SELECT snapshot FROM erased_parts WHERE erasure = ? AND table_name = ?",
            erasure,
            table.toString())
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Whether an erasure is done with a table. */
  boolean isDone(long erasure, TableName table) {
    return tables
        .first(
            row -> true,
            "SELECT 1 FROM erased_parts WHERE erasure = ? AND table_name = ?",
            erasure,
            table.toString())
        .isPresent();
  }

  /** How many rows have been taken out of a table. */
  public long rows(TableName table) {
    return tables
        .first(
            row -> row.getLong(1),
            "SELECT coalesce(sum(rows), 0) FROM erased_parts WHERE table_name = ?",
            table.toString())
        .orElseThrow();
  }

  /** How many rows an erasure has taken out of a table. */
  public long rows(long erasure, TableName table) {
    return tables
        .first(
            row -> row.getLong(1),
            "SELECT rows FROM erased_parts WHERE erasure = ? AND table_name = ?",
            erasure,
            table.toString())
        .orElse(0L);
  }

  /** The rows that have been taken out of a table. */
  public List<ErasedRow> erased(TableName table) {
    return tables.select(
        row -> new ErasedRow(key(row), row.getLong("topic_offset"), row.getLong("fingerprint")),
        "SELECT * FROM erased_rows JOIN erased_parts USING (erasure, table_name) WHERE table_name = ?",
        table.toString());
  }

  /** Nothing is left to do. */
  public void finish(long erasure) {
    tables.write(
        "UPDATE erasures SET done_at_micros = ? WHERE id = ?",
        MetadataTables.micros(clock.instant()),
        erasure);
  }

  private static TopicPartition key(ResultSet row) throws SQLException {
    return new TopicPartition(row.getString("topic"), row.getInt("topic_partition"));
  }

  @Override
  public void close() {
    tables.close();
  }
}
