package io.millrace.project;

import io.millrace.core.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a star in tables of another shape, and views over these that are the star again, row
 * by row: whatever is asked of the star can be asked of them.
 *
 * @param schema of the tables
 * @param views have the names of the star's tables
 */
public record Reshaped(String schema, List<Part> tables, List<Part> views, List<Line> lines) {

  public Reshaped {
    tables = List.copyOf(tables);
    views = List.copyOf(views);
    lines = List.copyOf(lines);
  }

  /** A row of one table is named by any number of rows of another, by a column of these. */
  public record Line(String one, String many, String column) {}

  /**
   * A table or view.
   *
   * @param about one sentence
   * @param select its rows
   * @param unless for a table that is loaded again and again, the rows of {@code new} that it has
   *     already, as a condition; empty if it is made anew
   */
  public record Part(String name, String about, String select, String unless) {

    /** A part that is made anew. */
    static Part anew(String name, String about, String select) {
      return new Part(name, about, select, "");
    }
  }

  /** The schema of the views. */
  public String mart() {
    return schema + "_star";
  }

  /** The statements that make all of it and load what is not there yet, in their order. */
  public List<String> statements() {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE SCHEMA IF NOT EXISTS " + schema);
    statements.add("CREATE SCHEMA IF NOT EXISTS " + mart());
    for (Part table : tables) {
      String name = schema + "." + Quoted.name(table.name());
      String comment = "-- " + table.about() + "\n";
      if (table.unless().isEmpty()) {
        statements.add(
            comment + "CREATE OR REPLACE TABLE %s AS\n%s".formatted(name, table.select()));
      } else {
        statements.add(
            comment
                + "CREATE TABLE IF NOT EXISTS %s AS\n%s\nWITH NO DATA"
                    .formatted(name, table.select()));
        statements.add(
            "INSERT INTO %s\nSELECT * FROM (\n%s\n) AS new\nWHERE NOT EXISTS (%s)"
                .formatted(name, table.select(), table.unless()));
      }
    }
    for (Part view : views) {
      statements.add(
          "-- %s\nCREATE OR REPLACE VIEW %s.%s AS\n%s"
              .formatted(view.about(), mart(), view.name(), view.select()));
    }
    return statements;
  }

  /** The statements as a file. */
  public String script() {
    return statements().stream().collect(Collectors.joining(";\n\n", "", ";\n"));
  }

  /** How the tables hang together, as Mermaid draws it. */
  public String diagram() {
    return diagram(lines);
  }

  static String diagram(List<Line> lines) {
    return lines.stream()
        .map(it -> "  %s ||--o{ %s : \"%s\"\n".formatted(it.one(), it.many(), it.column()))
        .collect(Collectors.joining("", "erDiagram\n", ""));
  }
}
