package io.millrace.engine;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page of the operational database: drawn and described as PostgreSQL's own catalog has it. */
final class OperationalPage {

  private static final String HEAD =
      """
      # The shop's operational database

      What the shop of the [retail pack](../guide/retail.md) writes when it sells, in third normal form. The definitions are in
      [schema.sql](../../packs/retail/operational/schema.sql). This page is made of the catalog of a PostgreSQL that has run
      them, so it shows what the database holds itself to.

      A line leads from a table to those that refer to it. At its end, `||` is one row, `o{` any number, `o|` at most
      one; `|o` at the beginning means that the reference may be empty.

      """;

  private record Column(
      String name, String type, boolean optional, Optional<String> made, String about) {}

  private record Constraint(
      String table,
      String name,
      String kind,
      String refersTo,
      List<String> columns,
      String definition) {}

  private final Map<String, String> tables = new LinkedHashMap<>();
  private final Map<String, List<Column>> columns = new LinkedHashMap<>();
  private final List<Constraint> constraints = new ArrayList<>();
  private final Map<String, List<String>> indexes = new LinkedHashMap<>();

  private OperationalPage(Operational database) throws SQLException {
    for (var row : database.rows(Operational.resource("catalog-columns.sql"))) {
      String table = (String) row.get("table");
      tables.put(table, (String) row.get("about_table"));
      columns
          .computeIfAbsent(table, first -> new ArrayList<>())
          .add(
              new Column(
                  (String) row.get("column"),
                  ((String) row.get("type")).replace("timestamp with time zone", "timestamptz"),
                  (Boolean) row.get("optional"),
                  Optional.ofNullable((String) row.get("made")),
                  (String) row.get("about")));
    }
    for (var row : database.rows(Operational.resource("catalog-constraints.sql"))) {
      constraints.add(
          new Constraint(
              (String) row.get("table"),
              (String) row.get("name"),
              (String) row.get("kind"),
              (String) row.get("refers_to"),
              texts(row.get("columns")),
              ((String) row.get("definition")).replaceAll("\\s+", " ")));
    }
    for (var row : database.rows(Operational.resource("catalog-indexes.sql"))) {
      if ((Boolean) row.get("of_its_own")) {
        indexes
            .computeIfAbsent((String) row.get("table"), first -> new ArrayList<>())
            .add((String) row.get("definition"));
      }
    }
  }

  static String of(Operational database) throws SQLException {
    return new OperationalPage(database).text();
  }

  private static List<String> texts(Object array) {
    return array instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : List.of();
  }

  private String text() {
    StringBuilder page = new StringBuilder(HEAD).append(diagram());
    tables.forEach(
        (table, about) ->
            page.append("\n## ")
                .append(table)
                .append("\n\n")
                .append(about)
                .append("\n\n")
                .append("| Column | Type | Key | What it is |\n|---|---|---|---|\n")
                .append(
                    columns.get(table).stream()
                        .map(column -> row(table, column))
                        .collect(Collectors.joining()))
                .append(rules(table)));
    return page.toString();
  }

  private String diagram() {
    StringBuilder diagram = new StringBuilder("```mermaid\nerDiagram\n");
    constraints.stream()
        .filter(it -> it.kind().equals("f"))
        .forEach(it -> diagram.append(arrow(it)));
    columns.forEach(
        (table, its) -> {
          diagram.append("  ").append(table).append(" {\n");
          for (Column column : its) {
            // Mermaid knows no comma in a type.
            String type = column.type().replaceAll("\\(.*\\)", "").replace(' ', '_');
            diagram.append(
                "    %s %s %s".formatted(type, column.name(), keys(table, column)).stripTrailing());
            diagram.append('\n');
          }
          diagram.append("  }\n");
        });
    return diagram.append("```\n").toString();
  }

  private String arrow(Constraint key) {
    boolean optional =
        columns.get(key.table()).stream()
            .anyMatch(it -> it.optional() && key.columns().contains(it.name()));
    boolean once =
        constraints.stream()
            .filter(it -> it.table().equals(key.table()))
            .filter(it -> it.kind().equals("p") || it.kind().equals("u"))
            .anyMatch(it -> key.columns().containsAll(it.columns()));
    return "  %s %s--%s %s : \"%s\"\n"
        .formatted(
            key.refersTo(),
            optional ? "|o" : "||",
            once ? "o|" : "o{",
            key.table(),
            String.join(", ", key.columns()));
  }

  private String keys(String table, Column column) {
    return constraints.stream()
        .filter(it -> it.table().equals(table) && it.columns().contains(column.name()))
        .map(Constraint::kind)
        .distinct()
        .flatMap(
            kind ->
                switch (kind) {
                  case "p" -> List.of("PK").stream();
                  case "f" -> List.of("FK").stream();
                  case "u" -> List.of("UK").stream();
                  default -> List.<String>of().stream();
                })
        .collect(Collectors.joining(", "));
  }

  private String row(String table, Column column) {
    String made =
        column.made().filter(it -> !it.equals("counted")).map(it -> " `= " + it + "`").orElse("");
    return "| `%s` | %s%s%s | %s | %s |\n"
        .formatted(
            column.name(),
            column.type(),
            made,
            column.optional() ? ", may be empty" : "",
            keys(table, column),
            column.about());
  }

  private String rules(String table) {
    List<String> rules = new ArrayList<>();
    constraints.stream()
        .filter(it -> it.table().equals(table) && !it.kind().equals("t"))
        .forEach(it -> rules.add(it.definition()));
    indexes.getOrDefault(table, List.of()).forEach(it -> rules.add(it.replace(" shop.", " ")));
    constraints.stream()
        .filter(it -> it.table().equals(table) && it.kind().equals("t"))
        .forEach(it -> rules.add(it.name() + ": " + it.definition()));
    return rules.stream().map(it -> "- `" + it + "`\n").collect(Collectors.joining("", "\n", ""));
  }
}
