package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan of builds for a person: the tables in order, and why what is built of each. */
final class PlanText {

  private static final int STRETCHES = 5;
  private static final int COLUMNS = 12;

  private PlanText() {}

  static List<String> lines(JsonNode plan) {
    if (plan.isEmpty()) {
      return List.of("Nothing to build");
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode step : plan) {
      lines.add(step.get("table").asText());
      lines.addAll(touched(step.path("touched")));
      JsonNode stretches = step.get("stretches");
      for (int i = 0; i < Math.min(STRETCHES, stretches.size()); i++) {
        lines.add("  " + line(stretches.get(i)));
      }
      if (stretches.size() > STRETCHES) {
        lines.add("  and %,d more".formatted(stretches.size() - STRETCHES));
      }
    }
    return lines;
  }

  /** The columns of the table, and of those that read it, that another definition touches. */
  private static List<String> touched(JsonNode touched) {
    boolean all = touched.path("rows").asBoolean();
    List<String> columns = new ArrayList<>();
    if (all) {
      columns.add("all, for there may be other rows");
    }
    for (Map.Entry<String, JsonNode> column : touched.path("columns").properties()) {
      switch (column.getValue().asText()) {
        case "added" -> columns.add(column.getKey() + " is new");
        case "removed" -> columns.add(column.getKey() + " is gone");
        default -> {
          if (!all) {
            columns.add(column.getKey());
          }
        }
      }
    }
    List<String> downstream = new ArrayList<>();
    touched
        .path("downstream")
        .forEach(it -> downstream.add(it.asText().replaceFirst("\\.\\*$", " (all columns)")));
    List<String> lines = new ArrayList<>();
    if (!columns.isEmpty()) {
      lines.add("  columns: " + some(columns));
    }
    if (!downstream.isEmpty()) {
      lines.add("  downstream: " + some(downstream));
    }
    return lines;
  }

  private static String some(List<String> columns) {
    int more = columns.size() - COLUMNS;
    return String.join(", ", columns.subList(0, Math.min(COLUMNS, columns.size())))
        + (more > 0 ? " and %,d more".formatted(more) : "");
  }

  private static String line(JsonNode stretch) {
    int intervals = stretch.get("intervals").asInt();
    return "%s%s: %s"
        .formatted(
            stretch.get("span").asText(),
            intervals > 1 ? " (%,d intervals)".formatted(intervals) : "",
            stretch.get("why").asText());
  }
}
