package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Golden;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of benchmarks is made of the figures that are kept beside it. */
class BenchmarksPageTest {

  private static final Path FIGURES = Path.of("docs/benchmarks.json");

  @Test
  void pageSaysWhatTheFiguresSay() throws IOException {
    JsonNode figures = Server.JSON.readTree(Repository.here().text(FIGURES).text());
    Golden.assertMatches(Path.of("docs/benchmarks.md"), page(figures));
  }

  private static String page(JsonNode figures) {
    return """
        # Benchmarks

        What `./millrace bench NAME` showed. This page is made of its figures, [benchmarks.json](benchmarks.json). Both sides
        do the same work on the same input, each in a process of its own with the same memory, one after the other, round
        after round; medians count, and sides that did not make the same are not compared. The machine was shared and noisy, so
        look at ratios.

        | bench | unit | Millrace | beside | theirs | ours / theirs | memory |
        |---|---|---:|---|---:|---:|---:|
        %s
        What they have to reach:

        | bench | must be | met |
        |---|---|---|
        %s
        The limit of `stream` is the same job with every row thrown away after its verdict: no writer could make it faster. That
        of `collect` is a Kafka producer in the place of client and server, with as many batches on their way. That of `bulk` is
        DuckDB with repeats left in.

        [Why peers run like that](decisions/0029-peers-run-beside-us-in-processes-of-their-own.md), and what each leaves out.
        """
        .formatted(rows(figures), bars(figures));
  }

  private static String rows(JsonNode figures) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode it : figures) {
      for (JsonNode peer : it.get("peers")) {
        rows.append(row(it, peer.get("name").asText(), peer.get("value").asDouble()));
      }
      if (!it.get("limit").isNull()) {
        rows.append(row(it, "*the limit*", it.get("limit").asDouble()));
      }
    }
    return rows.toString();
  }

  private static String bars(JsonNode figures) {
    StringBuilder bars = new StringBuilder();
    for (JsonNode it : figures) {
      for (JsonNode bar : it.get("bars")) {
        bars.append(
            "| %s | %s | %s |\n"
                .formatted(
                    it.get("bench").asText(),
                    bar.get("must").asText(),
                    bar.get("met").asBoolean() ? "yes" : "**no**"));
      }
    }
    return bars.toString();
  }

  private static String row(JsonNode figure, String name, double theirs) {
    double ours = figure.get("ours").asDouble();
    return "| %s | %s | %s | %s | %s | %.2f | %,d MB |\n"
        .formatted(
            figure.get("bench").asText(),
            figure.get("unit").asText(),
            SoakPicture.number(ours),
            name,
            SoakPicture.number(theirs),
            ours / theirs,
            figure.get("memory_bytes").asLong() >> 20);
  }
}
