package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Golden;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** A page of the documentation that is made of the figures kept beside it. */
final class FiguresPage {

  private FiguresPage() {}

  /** What {@code docs/<name>.json} says. */
  static JsonNode figures(String name) throws IOException {
    Path file = Path.of("docs", name + ".json");
    return Server.JSON.readTree(Repository.here().text(file).text());
  }

  /** Fails unless {@code docs/<name>.md} is the page of its figures. */
  static void assertMatches(String name, Function<JsonNode, String> page) throws IOException {
    Golden.assertMatches(Path.of("docs", name + ".md"), page.apply(figures(name)));
  }

  /** The lines of a table. */
  static String rows(JsonNode items, Function<JsonNode, String> row) {
    StringBuilder rows = new StringBuilder();
    items.forEach(it -> rows.append(row.apply(it)));
    return rows.toString();
  }
}
