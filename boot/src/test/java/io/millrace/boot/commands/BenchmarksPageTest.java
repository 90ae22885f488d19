package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The page of benchmarks is made of the figures that are kept beside it. */
class BenchmarksPageTest {

  @Test
  void pageSaysWhatTheFiguresSay() throws IOException {
    FiguresPage.assertMatches("benchmarks", BenchmarksPageTest::page);
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
        The limit of `stream` is the same job with every row thrown away that would go to the writer: decided about, protected and
        with its fingerprint, so no writer could make it faster. That of `collect` is a Kafka producer in the place of client and
        server, with as many batches on their way. That of `bulk` is DuckDB with repeats left in.

        [Why peers run like that](decisions/0029-peers-run-beside-us-in-processes-of-their-own.md), and what each leaves out.
        """
        .formatted(
            FiguresPage.rows(figures, BenchmarksPageTest::rows),
            FiguresPage.rows(figures, BenchmarksPageTest::bars));
  }

  private static String rows(JsonNode it) {
    String rows =
        FiguresPage.rows(
            it.get("peers"),
            peer -> row(it, peer.get("name").asText(), peer.get("value").asDouble()));
    return it.get("limit").isNull()
        ? rows
        : rows + row(it, "*the limit*", it.get("limit").asDouble());
  }

  private static String bars(JsonNode it) {
    return FiguresPage.rows(
        it.get("bars"),
        bar ->
            "| %s | %s | %s |\n"
                .formatted(
                    it.get("bench").asText(),
                    bar.get("must").asText(),
                    bar.get("met").asBoolean() ? "yes" : "**no**"));
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
