package io.millrace.serve;

import io.millrace.core.TableName;
import io.millrace.engine.Answer;
import io.millrace.project.Report;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * A report as one page of HTML that needs no other file, script or server, and that prints well.
 * Every text in it is escaped.
 */
record ReportPage(String project, Reports.Edition edition) {

  private static final int CENTS = 2;
  private static final String STYLE =
      new String(Console.read("report.css"), StandardCharsets.UTF_8);

  String text() {
    Report report = edition.report();
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s · %s</title>
        <style>%s</style>
        </head>
        <body>
        <article class="report">
        <div>
        <h2>%s</h2>
        <p>%s</p>
        <p class="quiet">%s · release %d of %s</p>
        </div>
        <div class="tiles">
        %s</div>
        </article>
        </body>
        </html>
        """
        .formatted(
            escaped(report.title()),
            escaped(project),
            STYLE,
            escaped(report.title()),
            escaped(report.description()),
            escaped(project),
            edition.release().id(),
            edition.release().at().truncatedTo(ChronoUnit.SECONDS),
            edition.tiles().stream().map(ReportPage::tile).collect(Collectors.joining()));
  }

  private static String tile(Reports.Filled filled) {
    Report.Tile tile = filled.tile();
    String note = tile.note().isEmpty() ? "" : "<p>%s</p>\n".formatted(escaped(tile.note()));
    return """
        <section class="of-%s">
        <h3>%s</h3>
        %s%s<p class="source">%s</p>
        </section>
        """
        .formatted(
            tile.chart().name().toLowerCase(Locale.ROOT),
            escaped(tile.title()),
            note,
            filled.failure().map(ReportPage::failure).orElseGet(() -> shown(filled)),
            source(filled.snapshots()));
  }

  private static String failure(String sentence) {
    return "<p class=\"failure\">%s</p>\n".formatted(escaped(sentence));
  }

  private static String shown(Reports.Filled filled) {
    Answer answer = filled.answer();
    if (answer.rows().isEmpty()) {
      return "<p class=\"quiet\">No rows.</p>\n";
    }
    Report.Tile tile = filled.tile();
    return switch (tile.chart()) {
      case NUMBER -> numbers(answer);
      case TABLE -> table(answer);
      case LINE, BAR ->
          ReportChart.of(tile.title(), tile.chart(), answer)
              .map(chart -> chart + details(answer))
              .orElseGet(
                  () ->
                      failure(
                              "A chart needs numbers in each column but the first; these are the rows.")
                          + table(answer));
    };
  }

  private static String numbers(Answer answer) {
    StringBuilder text = new StringBuilder("<dl>\n");
    for (int i = 0; i < answer.columns().size(); i++) {
      text.append(
          "<div><dt>%s</dt><dd>%s</dd></div>\n"
              .formatted(
                  escaped(words(answer.columns().get(i).name())),
                  escaped(value(answer.rows().get(0).get(i)))));
    }
    return text + "</dl>\n";
  }

  private static String details(Answer answer) {
    return "<details><summary>Rows</summary>%s</details>\n".formatted(table(answer));
  }

  private static String table(Answer answer) {
    StringBuilder text =
        new StringBuilder(
            "<div class=\"scroll\" role=\"region\" aria-label=\"Rows\" tabindex=\"0\"><table>\n<thead><tr>");
    for (int i = 0; i < answer.columns().size(); i++) {
      String name = words(answer.columns().get(i).name());
      text.append(cell("th", answer.rows().get(0).get(i), name));
    }
    text.append("</tr></thead>\n<tbody>\n");
    for (List<Object> row : answer.rows()) {
      text.append("<tr>");
      row.forEach(value -> text.append(cell("td", value, value(value))));
      text.append("</tr>\n");
    }
    text.append("</tbody>\n</table></div>\n");
    if (!answer.whole()) {
      text.append("<p class=\"quiet\">And more rows, which the CSV has.</p>\n");
    }
    return text.toString();
  }

  private static String cell(String tag, Object value, String text) {
    String figure = value instanceof Number ? " class=\"figure\"" : "";
    return "<%s%s>%s</%s>".formatted(tag, figure, escaped(text), tag);
  }

  private static String source(SortedMap<TableName, Long> snapshots) {
    return snapshots.isEmpty()
        ? ""
        : snapshots.entrySet().stream()
            .map(it -> "%s@%d".formatted(it.getKey(), it.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String words(String column) {
    return column.replace('_', ' ');
  }

  /** A value as people read it: numbers with their thousands apart, and no zeros beyond cents. */
  static String value(Object value) {
    if (value == null) {
      return "\u2013";
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      BigDecimal exact = new BigDecimal(value.toString());
      if (exact.scale() > CENTS) {
        exact = exact.stripTrailingZeros();
        exact = exact.setScale(Math.max(CENTS, exact.scale()));
      }
      return String.format(Locale.ROOT, "%,." + Math.max(0, exact.scale()) + "f", exact);
    }
    return value.toString();
  }

  /** A text that is no markup, within elements and quoted attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
