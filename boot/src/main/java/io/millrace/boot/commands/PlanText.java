package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A plan of builds for a person: the tables in order, and why what is built of each. */
final class PlanText {

  private static final int STRETCHES = 5;

  private PlanText() {}

  static List<String> lines(JsonNode plan) {
    if (plan.isEmpty()) {
      return List.of("Nothing to build");
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode step : plan) {
      lines.add(step.get("table").asText());
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

  private static String line(JsonNode stretch) {
    int intervals = stretch.get("intervals").asInt();
    return "%s%s: %s"
        .formatted(
            stretch.get("span").asText(),
            intervals > 1 ? " (%,d intervals)".formatted(intervals) : "",
            stretch.get("why").asText());
  }
}
