package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A table or view made from others: {@code models/<layer>/<name>.sql}, a calendar, or a seed, with
 * what {@code schema.yml} says of it.
 *
 * @param file relative to the project directory; the CSV file of a seed
 * @param sql the text of the file; empty for a seed
 * @param description from {@code schema.yml}, or the comment at the top of the file
 * @param reads the tables it reads; empty if the project was read without a {@link SqlReader}
 * @param eventTime the output column, a date or a timestamp, that says which interval a row is of
 * @param inputs modes that are not the default, see {@link Project#mode}
 */
public record Model(
    TableName name,
    Path file,
    String sql,
    String description,
    String owner,
    Set<TableName> reads,
    Materialization materialization,
    Optional<String> eventTime,
    Map<TableName, InputMode> inputs,
    Schedule schedule,
    Set<String> tags,
    List<Column> columns) {

  public Model {
    reads = Collections.unmodifiableSet(new TreeSet<>(reads));
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
    columns = List.copyOf(columns);
  }

  /**
   * A column that {@code schema.yml} names.
   *
   * @param pii what its owner says of its values; without, what they are made of says it
   */
  public record Column(String name, String description, Optional<Pii> pii) {}

  /** Whether the values of a column tell who somebody is. */
  public enum Pii {
    /** Whoever has the project's key finds out. */
    PSEUDONYM,
    /** Everybody finds out. */
    CLEAR,
    /** Nobody finds out, whatever they are made of. */
    NONE
  }

  /** A view of which {@code schema.yml} says nothing. */
  public static Model view(
      TableName name, Path file, String sql, String description, Set<TableName> reads) {
    return new Model(
        name,
        file,
        sql,
        description,
        "",
        reads,
        new Materialization.View(),
        Optional.empty(),
        Map.of(),
        Schedule.DEFAULT,
        Set.of(),
        List.of());
  }

  /** The same, kept as a table. */
  Model asTable() {
    return new Model(
        name,
        file,
        sql,
        description,
        owner,
        reads,
        new Materialization.Table(),
        eventTime,
        inputs,
        schedule,
        tags,
        columns);
  }

  /** The SELECT of its rows: that of its file, or what is kept of the history of those rows. */
  public String select() {
    return materialization instanceof Materialization.History history
        ? history.dimension().select(sql)
        : sql;
  }

  /** Whether it is kept as a table of the lake. */
  public boolean isTable() {
    return !(materialization instanceof Materialization.View);
  }

  public boolean isSeed() {
    return materialization instanceof Materialization.Seed;
  }
}
