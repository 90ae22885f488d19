package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The series of a long run as small pictures of one size, each from zero to its highest value. */
final class SoakPicture {

  private static final int COLUMNS = 3;
  private static final int WIDTH = 280;
  private static final int HEIGHT = 118;
  private static final int MARGIN = 12;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = WIDTH - 2 * MARGIN;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - MARGIN;

  /** Two lines around the pictures say what they are. */
  private static final int HEAD = 44;

  private static final String STYLE =
      """
      <style>
        svg { font: 11px system-ui, sans-serif; background: #ffffff; }
        text { fill: #1f2328; } .quiet { fill: #59636e; } .bad { fill: #b3261e; font-weight: bold; }
        .title { font-size: 14px; font-weight: 600; } .name { font-weight: 600; }
        .judged { fill: #0969da; opacity: 0.08; } .axis { stroke: #8c959f; stroke-width: 1; }
        .line { fill: none; stroke: #0969da; stroke-width: 1.5; } .grows { stroke: #b3261e; }
        @media (prefers-color-scheme: dark) {
          svg { background: #0d1117; }
          text { fill: #e6edf3; } .quiet { fill: #9198a1; } .bad { fill: #ff8a80; }
          .judged { fill: #58a6ff; opacity: 0.14; } .axis { stroke: #656c76; }
          .line { stroke: #58a6ff; } .grows { stroke: #ff8a80; }
        }
      </style>
      """;

  private SoakPicture() {}

  static String of(JsonNode soak) {
    JsonNode series = soak.get("series");
    int rows = (series.size() + COLUMNS - 1) / COLUMNS;
    StringBuilder svg = new StringBuilder();
    int width = COLUMNS * WIDTH;
    int height = HEAD + rows * HEIGHT;
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n"
            .formatted(width, height, width, height));
    svg.append("<title>What was measured during a long run, over time</title>\n").append(STYLE);
    svg.append(
        "<text class=\"title\" x=\"%d\" y=\"20\">%,d events a second for %d minutes</text>\n"
            .formatted(
                MARGIN,
                soak.get("held_events_per_second").asLong(),
                Math.round(lastSecond(series) / 60)));
    svg.append(
        "<text class=\"quiet\" x=\"%d\" y=\"36\">Each from zero to its highest value: its verdict, its median, and by how much it grows where it is shaded.</text>\n"
            .formatted(MARGIN));
    for (int i = 0; i < series.size(); i++) {
      svg.append(
          "<g transform=\"translate(%d %d)\">\n"
              .formatted(i % COLUMNS * WIDTH, HEAD + i / COLUMNS * HEIGHT));
      append(svg, series.get(i), lastSecond(series));
      svg.append("</g>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  private static double lastSecond(JsonNode series) {
    double last = 1;
    for (JsonNode it : series) {
      JsonNode points = it.get("points");
      last = Math.max(last, points.get(points.size() - 1).get(0).asDouble());
    }
    return last;
  }

  private static void append(StringBuilder svg, JsonNode series, double seconds) {
    JsonNode points = series.get("points");
    double highest = 0;
    for (JsonNode it : points) {
      highest = Math.max(highest, it.get(1).asDouble());
    }
    boolean grows = series.get("verdict").asText().equals("grows");
    double judgedFrom = MARGIN + PLOT_WIDTH * series.get("judged_from_s").asDouble() / seconds;
    int bottom = TOP + PLOT_HEIGHT;
    svg.append(text("name", MARGIN, 16, series.get("name").asText()));
    svg.append(text(grows ? "bad" : "quiet", MARGIN, 31, sentence(series)));
    svg.append(
        "<rect class=\"judged\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n"
            .formatted(judgedFrom, TOP, MARGIN + PLOT_WIDTH - judgedFrom, PLOT_HEIGHT));
    svg.append(
        "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
            .formatted(MARGIN, bottom, MARGIN + PLOT_WIDTH, bottom));
    StringBuilder line = new StringBuilder();
    for (JsonNode it : points) {
      double x = MARGIN + PLOT_WIDTH * it.get(0).asDouble() / seconds;
      double y = bottom - (highest == 0 ? 0 : PLOT_HEIGHT * it.get(1).asDouble() / highest);
      line.append(line.isEmpty() ? "" : " ").append("%.1f,%.1f".formatted(x, y));
    }
    svg.append(
        "<polyline class=\"line%s\" points=\"%s\"/>\n".formatted(grows ? " grows" : "", line));
  }

  private static String sentence(JsonNode series) {
    String unit = series.get("unit").asText();
    return "%s: %s%s, %s"
        .formatted(
            series.get("verdict").asText(),
            number(series.get("median").asDouble()),
            unit.isEmpty() ? "" : " " + unit,
            signed(series.get("growth").asDouble()));
  }

  private static String signed(double value) {
    return value < 0 ? "−" + number(-value) : "+" + number(value);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.1f" : "%,.0f", value);
  }

  private static String text(String style, int x, int y, String words) {
    String safe = words.replace("&", "&amp;").replace("<", "&lt;");
    return "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, safe);
  }
}
