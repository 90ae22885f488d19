package io.millrace.serve;

import io.millrace.engine.Answer;
import io.millrace.project.Report;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** Rows as lines or bars in SVG: the first column across, a series for each of the others. */
final class ReportChart {

  private static final double WIDTH = 560;
  private static final double LEFT = 62;
  private static final double RIGHT = 8;
  private static final double TOP = 10;
  private static final double FLOOR = 204;
  private static final int STEPS = 4;

  /** What a letter of a name takes, about, and the space between two names. */
  private static final double LETTER = 9;

  private static final int LONGEST_NAME = 14;

  /** So many bars all have their names, if need be slanted. */
  private static final int MOST_SLANTED = 16;

  private final Answer answer;
  private final double lowest;
  private final double highest;
  private final boolean slanted;
  private final StringBuilder svg = new StringBuilder();

  private ReportChart(Report.Chart kind, Answer answer, double lowest, double highest) {
    this.answer = answer;
    this.slanted =
        kind == Report.Chart.BAR
            && answer.rows().size() <= MOST_SLANTED
            && answer.rows().stream().anyMatch(row -> width(name(row)) > band());
    this.lowest = lowest;
    this.highest = highest;
  }

  /**
   * The picture, with a legend if there are several series.
   *
   * @param title what it shows, for those who do not see it
   * @return none if a column but the first has other values than numbers
   */
  static Optional<String> of(String title, Report.Chart kind, Answer answer) {
    int columns = answer.columns().size();
    if (columns < 2
        || !answer.rows().stream()
            .flatMap(row -> row.subList(1, columns).stream())
            .allMatch(value -> value == null || value instanceof Number)) {
      return Optional.empty();
    }
    double lowest = Math.min(0, values(answer).min().orElse(0));
    double highest = Math.max(0, values(answer).max().orElse(0));
    double step = step(highest - lowest);
    ReportChart chart =
        new ReportChart(
            kind, answer, step * Math.floor(lowest / step), step * Math.ceil(highest / step));
    return Optional.of(chart.drawn(title, kind, step));
  }

  private static DoubleStream values(Answer answer) {
    return answer.rows().stream()
        .flatMap(row -> row.stream().skip(1))
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue());
  }

  /** 1, 2 or 5 times a power of ten, so that about {@value #STEPS} make up the range. */
  private static double step(double range) {
    if (range <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(range / STEPS)));
    double factor = range / STEPS / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private String drawn(String title, Report.Chart kind, double step) {
    add(
        "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s: %d rows\">\n",
        WIDTH, FLOOR + (slanted ? 72 : 26), ReportPage.escaped(title), answer.rows().size());
    for (double at = lowest; at <= highest + step / 2; at += step) {
      double y = y(at);
      add(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
          LEFT, y, WIDTH - RIGHT, y);
      add("<text class=\"scale\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", LEFT - 8, y + 4, compact(at));
    }
    double[] places = kind == Report.Chart.LINE ? points() : bands();
    names(places);
    for (int series = 1; series < answer.columns().size(); series++) {
      if (kind == Report.Chart.LINE) {
        line(series, places);
      } else {
        bars(series, places);
      }
    }
    svg.append("</svg>\n");
    if (answer.columns().size() > 2) {
      legend();
    }
    return svg.toString();
  }

  /** Dates and times by their distance, anything else one after the other. */
  private double[] points() {
    List<OptionalDouble> times = answer.rows().stream().map(row -> time(row.get(0))).toList();
    boolean timed = times.stream().allMatch(OptionalDouble::isPresent);
    double[] at = new double[times.size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = timed ? times.get(i).getAsDouble() : i;
    }
    double first = DoubleStream.of(at).min().orElse(0);
    double range = Math.max(DoubleStream.of(at).max().orElse(0) - first, Double.MIN_NORMAL);
    for (int i = 0; i < at.length; i++) {
      at[i] = LEFT + (WIDTH - LEFT - RIGHT) * (at[i] - first) / range;
    }
    return at;
  }

  private static OptionalDouble time(Object value) {
    if (value instanceof LocalDate date) {
      return OptionalDouble.of(date.toEpochDay() * 86_400.0);
    }
    if (value instanceof LocalDateTime time) {
      return OptionalDouble.of((double) time.toEpochSecond(ZoneOffset.UTC));
    }
    return value instanceof Instant instant
        ? OptionalDouble.of((double) instant.getEpochSecond())
        : OptionalDouble.empty();
  }

  private double[] bands() {
    double[] middles = new double[answer.rows().size()];
    for (int i = 0; i < middles.length; i++) {
      middles[i] = LEFT + band() * (i + 0.5);
    }
    return middles;
  }

  private double band() {
    return (WIDTH - LEFT - RIGHT) / answer.rows().size();
  }

  private static String name(List<Object> row) {
    String name = ReportPage.value(row.get(0));
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "\u2026" : name;
  }

  private static double width(String name) {
    return LETTER * (name.length() + 1);
  }

  /** Lying ones are left out where they would touch the one before. */
  private void names(double[] places) {
    double free = 0;
    for (int i = 0; i < places.length; i++) {
      String name = name(answer.rows().get(i));
      double half = width(name) / 2;
      double at = Math.min(places[i], WIDTH - half);
      if (slanted) {
        add(
            "<text class=\"name\" text-anchor=\"end\" transform=\"translate(%.1f %.1f) rotate(-35)\">%s</text>\n",
            places[i] + LETTER / 2, FLOOR + 2 * LETTER, ReportPage.escaped(name));
      } else if (at - half >= free) {
        add(
            "<text class=\"name\" text-anchor=\"middle\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            at, FLOOR + 20, ReportPage.escaped(name));
        free = at + half;
      }
    }
  }

  /** A value that is not there is a gap. */
  private void line(int series, double[] places) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < places.length; i++) {
      Object value = answer.rows().get(i).get(series);
      if (value != null) {
        path.append(drawing ? 'L' : 'M')
            .append("%.1f %.1f ".formatted(places[i], y(((Number) value).doubleValue())));
      }
      drawing = value != null;
    }
    add("<path class=\"line s%d\" d=\"%s\"/>\n", (series - 1) % 6, path.toString().strip());
  }

  private void bars(int series, double[] places) {
    int all = answer.columns().size() - 1;
    double width = Math.min(48, band() * 0.8 / all);
    for (int i = 0; i < places.length; i++) {
      Object value = answer.rows().get(i).get(series);
      if (value != null) {
        double at = y(((Number) value).doubleValue());
        add(
            "<rect class=\"s%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %s</title></rect>\n",
            (series - 1) % 6,
            places[i] - width * all / 2 + width * (series - 1),
            Math.min(at, y(0)),
            width,
            Math.abs(at - y(0)),
            ReportPage.escaped(ReportPage.value(answer.rows().get(i).get(0))),
            ReportPage.escaped(ReportPage.value(value)));
      }
    }
  }

  private void legend() {
    List<String> items = new ArrayList<>();
    for (int series = 1; series < answer.columns().size(); series++) {
      items.add(
          "<li class=\"s%d\">%s</li>"
              .formatted(
                  (series - 1) % 6,
                  ReportPage.escaped(answer.columns().get(series).name().replace('_', ' '))));
    }
    add("<ul>%s</ul>\n", String.join("", items));
  }

  private double y(double value) {
    return highest == lowest ? FLOOR : TOP + (FLOOR - TOP) * (highest - value) / (highest - lowest);
  }

  /** {@code 1.5k} for 1,500. */
  static String compact(double value) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return shortened(value / 1e9) + "G";
    }
    if (size >= 1e6) {
      return shortened(value / 1e6) + "M";
    }
    return size >= 1e3 ? shortened(value / 1e3) + "k" : shortened(value);
  }

  private static String shortened(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    String cut = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return cut.equals("-0") ? "0" : cut;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
