package io.millrace.project;

import static io.millrace.core.Quoted.name;
import static io.millrace.core.Quoted.names;

import io.millrace.project.Reshaped.Line;
import io.millrace.project.Reshaped.Part;
import io.millrace.project.Star.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A star whose dimensions are cut along what their columns determine: months in one table, and the
 * quarter of each month there once instead of with every day.
 */
public final class Snowflake {

  private static final String SCHEMA = "snowflake";

  private Snowflake() {}

  public static Reshaped of(Star star) {
    List<Part> tables = new ArrayList<>();
    List<Part> views = new ArrayList<>();
    List<Line> lines = new ArrayList<>(star.lines());
    String fact = star.fact().name().name();
    tables.add(
        Part.anew(
            fact,
            "The facts, as in the star.",
            "SELECT %s\nFROM %s".formatted(names(star.columns()), star.fact().name())));
    views.add(
        Part.anew(
            fact, "The facts, as in the star.", "SELECT * FROM %s.%s".formatted(SCHEMA, fact)));
    for (Point point : star.points()) {
      new Cut(point).into(tables, views, lines);
    }
    return new Reshaped(SCHEMA, tables, views, lines);
  }

  /** One dimension in pieces. */
  private static final class Cut {

    private final Point point;
    private final String name;

    /** For each column that determines others, those that stand in its own table. */
    private final Map<String, List<String>> pieces = new LinkedHashMap<>();

    Cut(Point point) {
      this.point = point;
      this.name = point.model().name().name();
      Set<String> placed = new HashSet<>();
      point
          .determines()
          .forEach(
              (column, determined) -> {
                Set<String> further = new HashSet<>();
                determined.forEach(it -> follow(it, further));
                List<String> direct =
                    determined.stream()
                        .filter(it -> !it.equals(column) && !further.contains(it))
                        .filter(placed::add)
                        .toList();
                if (!direct.isEmpty()) {
                  pieces.put(column, direct);
                }
              });
    }

    /** The table of what a column determines. */
    private String of(String column) {
      return name + "_" + column;
    }

    private static String piece(String column) {
      return name("by_" + column);
    }

    /** What a column determines, also by way of others. */
    private void follow(String column, Set<String> into) {
      for (String next : point.determines().getOrDefault(column, List.of())) {
        if (into.add(next)) {
          follow(next, into);
        }
      }
    }

    void into(List<Part> tables, List<Part> views, List<Line> lines) {
      Set<String> elsewhere = new HashSet<>();
      pieces.values().forEach(elsewhere::addAll);
      List<String> kept = point.columns().stream().filter(it -> !elsewhere.contains(it)).toList();
      tables.add(
          Part.anew(
              name,
              "Dimension %s, without what follows from other columns.".formatted(point.shortName()),
              "SELECT %s\nFROM %s".formatted(names(kept), point.model().name())));
      Map<String, String> homes = new LinkedHashMap<>();
      kept.forEach(it -> homes.put(it, "base"));
      StringBuilder joins = new StringBuilder();
      pieces.forEach(
          (column, determined) -> {
            tables.add(
                Part.anew(
                    of(column),
                    "What each %s determines, once.".formatted(column),
                    "SELECT DISTINCT %s, %s\nFROM %s"
                        .formatted(name(column), names(determined), point.model().name())));
            determined.forEach(it -> homes.put(it, piece(column)));
          });
      join("base", kept, joins);
      lines(name, kept, lines);
      views.add(
          Part.anew(
              name,
              "Dimension %s, put together.".formatted(point.shortName()),
              "SELECT %s\nFROM %s.%s AS base%s"
                  .formatted(
                      String.join(
                          ", ",
                          point.columns().stream()
                              .map(it -> homes.get(it) + "." + name(it))
                              .toList()),
                      SCHEMA,
                      name,
                      joins)));
    }

    private void lines(String table, List<String> columns, List<Line> lines) {
      for (String column : columns) {
        if (pieces.containsKey(column)) {
          String piece = of(column);
          lines.add(new Line(piece, table, column));
          lines(piece, pieces.get(column), lines);
        }
      }
    }

    /** Joins the pieces that hang on columns of a table, and those that hang on them. */
    private void join(String table, List<String> columns, StringBuilder joins) {
      for (String column : columns) {
        if (pieces.containsKey(column)) {
          String piece = piece(column);
          joins.append(
              "\nLEFT JOIN %1$s.%2$s AS %3$s ON %3$s.%4$s IS NOT DISTINCT FROM %5$s.%4$s"
                  .formatted(SCHEMA, name(of(column)), piece, name(column), table));
          join(piece, pieces.get(column), joins);
        }
      }
    }
  }
}
