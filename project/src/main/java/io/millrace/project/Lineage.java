package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer.Source;
import io.millrace.project.ColumnTracer.Use;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which columns of a project are made of which, from the streams' tables to the last model. Each
 * table also has a node for its rows, {@link ColumnRef#ROWS}: what decides which rows there are
 * leads to it, instead of to each of the columns.
 */
public final class Lineage {

  /** Which way edges are followed. */
  public enum Direction {
    UPSTREAM,
    DOWNSTREAM
  }

  /**
   * A column is used in another, or decides the rows of its table.
   *
   * @param path of the field, if only one of a struct is used
   */
  public record Edge(ColumnRef from, ColumnRef to, Use use, String path) {}

  /**
   * Where a column comes from or goes to.
   *
   * @param columns all that can be reached, the nearest first, beginning with the one asked for
   */
  public record Graph(List<ColumnRef> columns, List<Edge> edges) {
    public Graph {
      columns = List.copyOf(columns);
      edges = List.copyOf(edges);
    }
  }

  /**
   * Where a column is written.
   *
   * @param line 0 if only the file is known
   */
  public record Place(Path file, int line) {
    @Override
    public String toString() {
      return line == 0 ? file.toString() : file + ":" + line;
    }
  }

  private final SortedMap<TableName, List<String>> columns;
  private final Map<ColumnRef, Place> places;
  private final Map<ColumnRef, List<Edge>> into = new HashMap<>();
  private final Map<ColumnRef, List<Edge>> outOf = new HashMap<>();
  private final SortedMap<TableName, List<String>> notes;
  private final Map<ColumnRef, String> recipes;

  Lineage(
      SortedMap<TableName, List<String>> columns,
      Map<ColumnRef, Place> places,
      Collection<Edge> edges,
      SortedMap<TableName, List<String>> notes,
      Map<ColumnRef, String> recipes) {
    this.columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    this.places = Map.copyOf(places);
    this.notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    this.recipes = Map.copyOf(recipes);
    for (Edge edge : edges) {
      into.computeIfAbsent(edge.to(), it -> new ArrayList<>()).add(edge);
      outOf.computeIfAbsent(edge.from(), it -> new ArrayList<>()).add(edge);
    }
  }

  /** Traces every model, each after those it reads. */
  public static Lineage of(Project project, ColumnTracer tracer) {
    return new LineageReader(project, tracer).read();
  }

  /** The columns of each table and view, in their order. */
  public SortedMap<TableName, List<String>> columns() {
    return columns;
  }

  /** What could not be followed in a model, so that too much is said to depend. */
  public List<String> notes(TableName model) {
    return notes.getOrDefault(model, List.of());
  }

  /**
   * A digest of how a column of a model is computed, or of what decides its rows. It changes with
   * the SQL of the model and of the views it reads; what tables it reads are made by has no part in
   * it.
   */
  public String recipe(ColumnRef column) {
    return recipes.getOrDefault(column, "");
  }

  /** Where a column is written, or what file its table is made by. */
  public Place place(ColumnRef column) {
    Place exact = places.get(column);
    return exact != null
        ? exact
        : places.getOrDefault(ColumnRef.rows(column.table()), new Place(Path.of(""), 0));
  }

  /** What a column is made of, directly. */
  public List<Edge> into(ColumnRef column) {
    return Collections.unmodifiableList(into.getOrDefault(column, List.of()));
  }

  /** What is made of a column, directly. */
  public List<Edge> outOf(ColumnRef column) {
    return Collections.unmodifiableList(outOf.getOrDefault(column, List.of()));
  }

  /** All that a column is made of, and what decides the rows it is in. */
  public Graph upstream(ColumnRef column) {
    return reach(known(column), Direction.UPSTREAM);
  }

  /** All that is made of a column, and the tables whose rows it decides. */
  public Graph downstream(ColumnRef column) {
    return reach(known(column), Direction.DOWNSTREAM);
  }

  /**
   * The edges from a column one step on, as {@link #upstream} and {@link #downstream} take them.
   */
  public List<Edge> next(ColumnRef column, Direction direction) {
    if (direction == Direction.DOWNSTREAM) {
      return outOf(column);
    }
    if (column.isRows()) {
      return into(column);
    }
    List<Edge> edges = new ArrayList<>(into(column));
    Set<TableName> read = new HashSet<>();
    edges.forEach(edge -> read.add(edge.from().table()));
    List<Edge> rows = into(ColumnRef.rows(column.table()));
    rows.stream()
        .filter(edge -> !edge.from().isRows())
        .forEach(edge -> read.add(edge.from().table()));
    // The rows of a table of which a column is read are followed from there.
    rows.stream()
        .filter(edge -> !edge.from().isRows() || !read.contains(edge.from().table()))
        .forEach(edges::add);
    return edges;
  }

  /** For the rows of a table: the tables it reads, or those that read it. */
  public List<Edge> nextTables(TableName table, Direction direction) {
    ColumnRef rows = ColumnRef.rows(table);
    return (direction == Direction.UPSTREAM ? into(rows) : outOf(rows))
        .stream().filter(edge -> edge.from().isRows() && edge.to().isRows()).toList();
  }

  private Graph reach(ColumnRef start, Direction direction) {
    Set<ColumnRef> found = new LinkedHashSet<>(List.of(start));
    Set<Edge> edges = new LinkedHashSet<>();
    Deque<ColumnRef> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (Edge edge : next(open.remove(), direction)) {
        edges.add(edge);
        ColumnRef other = direction == Direction.UPSTREAM ? edge.from() : edge.to();
        if (found.add(other)) {
          open.add(other);
        }
      }
    }
    return new Graph(List.copyOf(found), List.copyOf(edges));
  }

  /** A table of the project that must exist. */
  public TableName known(TableName table) {
    if (!columns.containsKey(table)) {
      throw MillraceException.caller(
          "Cannot find table '%s': %s"
              .formatted(
                  table,
                  NearMatch.remedy(
                      columns.keySet().stream().map(TableName::toString).toList(),
                      table.toString())));
    }
    return table;
  }

  /** A column of the project, or the rows of a table, that must exist. */
  public ColumnRef known(ColumnRef column) {
    List<String> all = columns.get(known(column.table()));
    if (!column.isRows() && !all.contains(column.column())) {
      throw MillraceException.caller(
          "Cannot find column '%s' in %s: %s"
              .formatted(column.column(), column.table(), NearMatch.remedy(all, column.column())));
    }
    return column;
  }

  static Edge edge(Source source, ColumnRef to) {
    return new Edge(source.column(), to, source.use(), source.path());
  }
}
