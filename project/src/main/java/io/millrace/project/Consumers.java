package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer.Source;
import io.millrace.project.ColumnTracer.Use;
import io.millrace.project.DataTest.Check;
import io.millrace.project.Lineage.Edge;
import io.millrace.project.Lineage.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who in a project reads a field of a stream: models, tests, unit tests and balances. */
final class Consumers {

  /** How a field is read. */
  enum Reading {
    BY_ITSELF,
    THROUGH_OTHERS
  }

  /**
   * A part of the project that reads a field.
   *
   * @param what {@code silver.visits.who reads bronze.clicks.user_id}
   */
  record Consumer(Place place, String what, Reading reading) {}

  private final Project project;
  private final ColumnTracer tracer;
  private final Lineage lineage;

  /** What columns there are without the fields that are gone. */
  private final Lineage now;

  private Consumers(Project project, ColumnTracer tracer, Lineage now) {
    this.project = project;
    this.tracer = tracer;
    this.lineage = Lineage.of(project, tracer);
    this.now = now;
  }

  static Consumers of(Project project, ColumnTracer tracer) {
    return new Consumers(project, tracer, Lineage.of(project, tracer));
  }

  /**
   * Who would read fields that are gone.
   *
   * @param project as it is
   * @param before the same project, whose contracts also have those fields
   */
  static Consumers of(Project project, Project before, ColumnTracer tracer) {
    return new Consumers(before, tracer, Lineage.of(project, tracer));
  }

  /**
   * Those that read a field themselves, and after each model what is made of it.
   *
   * @param path {@code item.price}; what is inside a list is read by all that read the list
   */
  List<Consumer> of(StreamContract contract, String path) {
    Set<Consumer> found = new LinkedHashSet<>();
    String outside = path.replaceFirst("\\[].*", "");
    String column = outside.replaceFirst("[.].*", "");
    String rest = outside.substring(Math.min(outside.length(), column.length() + 1));
    for (TableName table : contract.tables().keySet()) {
      if (lineage.columns().get(table).contains(column)) {
        ColumnRef start = new ColumnRef(table, column);
        follow(
            start, rest, start + (rest.isEmpty() ? "" : "." + rest), found, new LinkedHashSet<>());
      }
    }
    return List.copyOf(found);
  }

  private void follow(
      ColumnRef column, String path, String field, Set<Consumer> found, Set<ColumnRef> seen) {
    if (!seen.add(column)) {
      return;
    }
    for (Edge edge : lineage.outOf(column)) {
      ColumnRef to = edge.to();
      if (isByStar(to)) {
        follow(to, path, to.toString(), found, seen);
      } else if (path.isEmpty() || reaches(edge.path(), path)) {
        found.add(
            new Consumer(lineage.place(to), words(to) + " reads " + field, Reading.BY_ITSELF));
        lineage.downstream(to).columns().stream()
            .filter(it -> !it.equals(to) && !it.isRows())
            .forEach(it -> found.add(made(it, to)));
        addTests(to, found);
      } else if (edge.use() == Use.COPY
          && (edge.path().isEmpty() || path.startsWith(edge.path() + "."))) {
        String rest = edge.path().isEmpty() ? path : path.substring(edge.path().length() + 1);
        follow(to, rest, field, found, seen);
      }
    }
    addTexts(column, path, field, found);
    addUnitTests(column, path, field, found);
  }

  /** A column that a star gives goes with the field, and breaks nothing but who reads it. */
  private boolean isByStar(ColumnRef column) {
    return !column.isRows() && !now.columns().get(column.table()).contains(column.column());
  }

  private Consumer made(ColumnRef column, ColumnRef of) {
    return new Consumer(
        lineage.place(column), column + " is made of " + words(of), Reading.THROUGH_OTHERS);
  }

  private static String words(ColumnRef column) {
    return column.isRows() ? "the rows of " + column.table() : column.toString();
  }

  /** Whether what is read of a struct is, or has in it, what is looked for. */
  private static boolean reaches(String read, String path) {
    return read.equals(path) || read.startsWith(path + ".");
  }

  private void addTests(ColumnRef column, Collection<Consumer> found) {
    Set<ColumnRef> affected = new LinkedHashSet<>(lineage.downstream(column).columns());
    for (DataTest test : project.tests()) {
      columns(test).stream()
          .filter(affected::contains)
          .findFirst()
          .ifPresent(it -> found.add(consumer(test, it.toString(), Reading.THROUGH_OTHERS)));
    }
  }

  private static Consumer consumer(DataTest test, String field, Reading reading) {
    return new Consumer(
        new Place(test.file(), test.line()), "test " + test.name() + " reads " + field, reading);
  }

  /** Tests that see nothing else than null where there was a value. */
  List<DataTest> notNull(StreamContract contract, String field) {
    Set<ColumnRef> copies = new LinkedHashSet<>();
    copies.add(new ColumnRef(contract.bronze(), field));
    List<ColumnRef> open = new ArrayList<>(copies);
    while (!open.isEmpty()) {
      for (Edge edge : lineage.outOf(open.remove(0))) {
        if (edge.use() == Use.COPY && edge.path().isEmpty() && copies.add(edge.to())) {
          open.add(edge.to());
        }
      }
    }
    return project.tests().stream()
        .filter(
            test ->
                test.check() instanceof Check.NotNull it
                    && copies.contains(new ColumnRef(test.table(), it.column())))
        .toList();
  }

  private static List<ColumnRef> columns(DataTest test) {
    TableName table = test.table();
    Check check = test.check();
    if (check instanceof Check.Unique unique) {
      return unique.columns().stream().map(it -> new ColumnRef(table, it)).toList();
    }
    if (check instanceof Check.NotNull notNull) {
      return List.of(new ColumnRef(table, notNull.column()));
    }
    if (check instanceof Check.AcceptedValues values) {
      return List.of(new ColumnRef(table, values.column()));
    }
    if (check instanceof Check.Relationships between) {
      return List.of(
          new ColumnRef(table, between.column()), new ColumnRef(between.to(), between.field()));
    }
    return check instanceof Check.Freshness freshness
        ? List.of(new ColumnRef(table, freshness.column()))
        : List.of();
  }

  /** Tests and balances that are SQL of their own. */
  private void addTexts(ColumnRef column, String path, String field, Collection<Consumer> found) {
    for (DataTest test : project.tests()) {
      if (test.check() instanceof Check.Sql sql
          && sql.reads().contains(column.table())
          && reads(sql.select(), column, path)) {
        found.add(consumer(test, field, Reading.BY_ITSELF));
      }
    }
    for (Balance balance : project.balances().values()) {
      List<Balance.Part> parts = new ArrayList<>(balance.out());
      parts.add(0, balance.in());
      for (Balance.Part part : parts) {
        if (reads(part.sql(), column, path)) {
          found.add(
              new Consumer(
                  new Place(balance.file(), part.line()),
                  "balance %s reads %s".formatted(balance.name(), field),
                  Reading.BY_ITSELF));
        }
      }
    }
  }

  private boolean reads(String sql, ColumnRef column, String path) {
    ColumnTracer.Traced traced = tracer.trace(sql, lineage.columns());
    List<Source> sources = new ArrayList<>(traced.rows());
    traced.columns().forEach(it -> sources.addAll(it.sources()));
    return sources.stream()
        .anyMatch(it -> it.column().equals(column) && (path.isEmpty() || reaches(it.path(), path)));
  }

  private void addUnitTests(
      ColumnRef column, String path, String field, Collection<Consumer> found) {
    for (UnitTest test : project.unitTests()) {
      for (UnitTest.Given given : test.given()) {
        if (path.isEmpty()
            && given.input().equals(column.table())
            && given.rows() instanceof UnitTest.Rows.Listed listed
            && listed.rows().stream().anyMatch(row -> row.containsKey(column.column()))) {
          found.add(
              new Consumer(
                  new Place(test.file(), test.line()),
                  "unit test %s gives %s".formatted(test.name(), field),
                  Reading.BY_ITSELF));
        }
      }
    }
  }
}
