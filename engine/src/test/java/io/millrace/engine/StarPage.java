package io.millrace.engine;

import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Star;
import io.millrace.project.Star.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The page of the wholesaler's star: drawn and described as the project's definitions have it. */
final class StarPage {

  private static final String HEAD =
      """
      # The stars of the retail pack

      Facts, and the dimensions that they can be asked by: the lines of the [shop's](../guide/retail.md) orders, and sales and returns of a
      [year of real invoices](../../packs/retail/data/README.md). Made of the definitions: relationships that lead to a unique key are
      the arms, and what a column determines is [where a snowflake is cut](../star-snowflake-vault.md). The same pictures of any
      table of facts:

          ./millrace star gold.fct_order_lines --project packs/retail

      [How they are made](../guide/dimensional.md).
      """;

  private StarPage() {}

  /** What schema.yml says of the columns of a model. */
  static Map<String, String> described(Model model) {
    Map<String, String> described = new LinkedHashMap<>();
    for (Model.Column column : model.columns()) {
      if (!column.description().isBlank()) {
        described.put(column.name(), column.description());
      }
    }
    return described;
  }

  /**
   * The page.
   *
   * @param types of the columns of a table
   */
  static String text(List<Star> stars, Function<TableName, Map<String, String>> types) {
    StringBuilder page = new StringBuilder(HEAD);
    for (Star star : stars) {
      page.append("\n```mermaid\n").append(star.diagram()).append("```\n");
      section(page, star.fact(), types, column -> factRole(star, column));
      for (Point point : star.points()) {
        section(page, point.model(), types, column -> pointRole(point, column));
      }
    }
    return page.toString();
  }

  private static void section(
      StringBuilder page,
      Model model,
      Function<TableName, Map<String, String>> types,
      Function<String, String> role) {
    Map<String, String> described = described(model);
    page.append("\n## ").append(model.name().name()).append("\n\n");
    page.append(model.description()).append("\n\n");
    page.append("| Column | Type | Key | What it is |\n|---|---|---|---|\n");
    types
        .apply(model.name())
        .forEach(
            (column, type) ->
                page.append(
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            column,
                            type.toLowerCase(Locale.ROOT),
                            role.apply(column),
                            described.getOrDefault(column, ""))));
  }

  private static String factRole(Star star, String column) {
    Optional<Point> point = star.pointOf(column);
    return point
        .map(it -> "row of " + it.model().name().name())
        .orElse(star.key().contains(column) ? "unique" : "");
  }

  private static String pointRole(Point point, String column) {
    List<String> determined = point.determines().getOrDefault(column, List.of());
    return column.equals(point.key())
        ? "unique"
        : determined.isEmpty() ? "" : "determines " + String.join(", ", determined);
  }
}
