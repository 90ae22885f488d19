package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads reports: files under {@code reports/}. */
final class ReportReader {

  static final Key<String> TILE_TITLE = Key.required("title", Forms.text(), "What it shows.");
  static final Key<String> NOTE =
      Key.optional("note", Forms.prose(), "What has to be known to read it.");
  static final Key<Report.Chart> CHART =
      Key.withDefault(
          "chart",
          Forms.choice("chart", Report.Chart.values()),
          "table",
          "How the rows are shown.");
  static final Key<Placed<String>> SQL =
      Key.required("sql", Forms.text().placed(), "A SELECT of the rows.");

  static final Shape TILE = new Shape(TILE_TITLE, NOTE, CHART, SQL);

  static final Key<String> TITLE = Key.required("title", Forms.text(), "What it is called.");
  static final Key<String> DESCRIPTION =
      Key.optional("description", Forms.prose(), "Whom it is for, and what it answers.");
  static final Key<List<Values>> TILES =
      Key.required("tiles", Forms.listOf(TILE), "What it is made of, in the order shown.");

  static final Shape REPORT = new Shape(TITLE, DESCRIPTION, TILES);

  private ReportReader() {}

  /** The report; empty if it has flaws. */
  static Optional<Report> read(String name, Path file, Yaml document, SqlChecker sql, Flaws flaws) {
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "describe the report: title, tiles");
      return Optional.empty();
    }
    return REPORT
        .read(document, flaws)
        .map(
            values -> {
              List<Report.Tile> tiles = new ArrayList<>();
              values
                  .find(TILES)
                  .orElse(List.of())
                  .forEach(tile -> tile(tile, sql, flaws).ifPresent(tiles::add));
              return new Report(
                  name,
                  file,
                  values.find(TITLE).orElse(""),
                  values.find(DESCRIPTION).orElse("").strip(),
                  tiles);
            })
        .filter(report -> flaws.isEmpty());
  }

  private static Optional<Report.Tile> tile(Values values, SqlChecker sql, Flaws flaws) {
    return values
        .find(SQL)
        .map(
            text -> {
              Set<TableName> reads = sql.reads(text.value(), text.line(), flaws);
              return new Report.Tile(
                  values.find(TILE_TITLE).orElse(""),
                  values.find(NOTE).orElse("").strip(),
                  values.find(CHART).orElse(Report.Chart.TABLE),
                  text.value(),
                  reads);
            });
  }
}
