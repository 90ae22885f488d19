package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.project.Reshaped;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that holds star, snowflake and Data Vault against each other. */
final class ShapesPage {

  private static final List<String> SHAPES = List.of("star", "snowflake", "vault");

  private static final String PAGE =
      """
      # Star, snowflake, Data Vault

      The same rows in three shapes. The [wholesaler's star](reference/retail-star.md) is written by hand; the other two are made of
      what `schema.yml` says of it, for this star and any other:

          ./millrace star gold.fct_trade_lines --as snowflake --project packs/retail
          ./millrace star gold.fct_trade_lines --as vault --project packs/retail

      prints SQL for DuckDB that makes them, with views over each that are the star again. A test holds these views to be the
      star's rows, all of them and no others, so one question can be asked of all three.

      ## What they are

      A **snowflake** cuts dimensions along what their columns determine, as `determines` in `schema.yml` declares and tests: a
      quarter is said once for each month, instead of with every day.

      ```mermaid
      %s```

      A **Data Vault** has a hub for the key of each dimension, a link that says which keys a fact is of, and satellites with all
      that is said of them, each with the time of its load and a hash of its values. Nothing is changed in place. Loading again adds
      what is new: a value that became another is one more row of a satellite, and what was said before stays. Keys are
      hashes, so that tables can be loaded in any order, by several sources at once.

      ```mermaid
      %s```

      ## How large

      As Parquet with zstd, %,d lines of invoices:

      | shape | tables | rows | bytes | beside the star |
      |---|---:|---:|---:|---:|
      %s
      ## How fast

      The same SQL, asked of the star and of the views over the other two. DuckDB on one thread, files warm, each round asks each
      shape once, medians of %d rounds. The machine was shared, so look at ratios. A view does all of its joins whatever is asked; SQL
      written for the vault itself would leave some out.

      | question | star | snowflake | vault | snowflake / star | vault / star |
      |---|---:|---:|---:|---:|---:|
      %s
      Both tables are made by

          mvn -pl engine -am test -Dtest=ShapesTest -Dsurefire.failIfNoSpecifiedTests=false -Dshapes.measure=true -Dgolden.update=true

      ## Which one

      A snowflake saves on dimensions, which are small beside facts, and columns of Parquet hold a repeated value once anyway. What it
      gives is one place where a fact about a month or a category stands. What it takes is a join for each cut.

      A Data Vault pays for keys of 128 random bits, which do not compress, in every link and satellite, and for finding the newest
      row of each. A row that goes away in the star stays in the vault, and in its views. It is a place to load into, from many sources, that never forgets; nobody should ask questions of it
      directly. Millrace keeps what came in bronze and what was so when in [histories](guide/history.md), so its own models need none.

      A star is what people ask: few joins, and every one of them leads from the facts to a dimension.
      """;

  private ShapesPage() {}

  static String text(JsonNode figures, List<Reshaped> shapes) {
    long lines = figures.at("/shapes/0/tables/0/rows").asLong();
    return PAGE.formatted(
        shapes.get(0).diagram(),
        shapes.get(1).diagram(),
        lines,
        sizes(figures),
        figures.get("rounds").asInt(),
        times(figures));
  }

  private static String sizes(JsonNode figures) {
    StringBuilder rows = new StringBuilder();
    long ofStar = 0;
    for (JsonNode shape : figures.get("shapes")) {
      long count = 0;
      long bytes = 0;
      for (JsonNode table : shape.get("tables")) {
        count += table.get("rows").asLong();
        bytes += table.get("bytes").asLong();
      }
      ofStar = ofStar == 0 ? bytes : ofStar;
      rows.append(
          "| %s | %d | %,d | %,d | %s |\n"
              .formatted(
                  shape.get("name").asText(),
                  shape.get("tables").size(),
                  count,
                  bytes,
                  ratio((double) bytes / ofStar)));
    }
    return rows.toString();
  }

  private static String times(JsonNode figures) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode question : figures.get("questions")) {
      JsonNode took = question.get("milliseconds");
      double star = took.get("star").asDouble();
      rows.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  question.get("name").asText().replace('_', ' '),
                  SHAPES.stream()
                      .map(it -> String.format(Locale.ROOT, "%.1f ms", took.get(it).asDouble()))
                      .collect(Collectors.joining(" | ")),
                  ratio(took.get("snowflake").asDouble() / star),
                  ratio(took.get("vault").asDouble() / star)));
    }
    return rows.toString();
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
