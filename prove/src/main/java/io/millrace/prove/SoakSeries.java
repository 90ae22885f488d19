package io.millrace.prove;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured again and again while a project ran, and whether it grows.
 *
 * <p>The stretch that is judged is cut into equal parts, and each part is one value: its median, or
 * for what goes up and down like a saw its highest or lowest value, so that the saw's teeth do not
 * count and its envelope does. Through these goes the slope of Theil and Sen, the median of the
 * slopes of all pairs, which a few odd values do not move. What it gains over the stretch is held
 * against the median.
 *
 * @param unit such as MB
 * @param points in the order of time
 */
public record SoakSeries(Kind kind, String name, String unit, List<Point> points) {

  private static final int PARTS = 12;
  private static final double LEAST_LEFT = 0.25;

  public SoakSeries {
    points = List.copyOf(points);
  }

  /**
   * A value.
   *
   * @param at since the load began
   */
  public record Point(Duration at, double value) {}

  /** Which value stands for a part. */
  public enum Envelope {
    MIDDLE,
    UPPER,
    LOWER
  }

  /**
   * How it is judged.
   *
   * @param keptFor what it holds is kept for this long: it may grow until then. Zero for what keeps
   *     nothing
   * @param tolerance the part of the median by which it may grow over the judged stretch
   * @param slack in its unit: growth below it is never held against it
   */
  public record Kind(Envelope envelope, Duration keptFor, double tolerance, double slack) {

    /** What is kept for ever. */
    public static final Duration EVER = Duration.ofDays(36_500);
  }

  /** What became of it. */
  public enum Verdict {
    FLAT,
    /** It keeps what comes for longer than was measured, and grows no faster than before. */
    FILLS,
    GROWS,
    /** Too few values, or none. */
    UNKNOWN;

    public boolean isWell() {
      return this != GROWS;
    }
  }

  /**
   * A judgement.
   *
   * @param from what came before is not judged
   * @param growth over the stretch, in the unit
   * @param level the median of the stretch, in the unit
   */
  public record Judgement(Verdict verdict, Duration from, double growth, double level) {}

  /** From half of the time on, or from when what it holds has been kept as long as it is kept. */
  public Judgement judge() {
    if (points.size() < PARTS) {
      return new Judgement(Verdict.UNKNOWN, Duration.ZERO, 0, 0);
    }
    Duration end = points.get(points.size() - 1).at();
    Duration half = end.dividedBy(2);
    boolean filled = kind.keptFor().toMillis() <= end.toMillis() * (1 - LEAST_LEFT);
    Duration from = filled && kind.keptFor().compareTo(half) > 0 ? kind.keptFor() : half;
    List<Point> judged = parts(from, end);
    if (judged.size() < PARTS / 2) {
      return new Judgement(Verdict.UNKNOWN, from, 0, 0);
    }
    double seconds = end.minus(from).toMillis() / 1e3;
    double growth = slope(judged) * seconds;
    double level = median(judged.stream().mapToDouble(Point::value).toArray());
    double allowed = allowed(level);
    if (growth <= allowed) {
      return new Judgement(Verdict.FLAT, from, growth, level);
    }
    // The first eighth is the start of everything and says nothing.
    double before = slope(parts(end.dividedBy(8), half)) * seconds;
    boolean steady = !filled && growth <= before + allowed;
    return new Judgement(steady ? Verdict.FILLS : Verdict.GROWS, from, growth, level);
  }

  /** By how much it may grow over the judged stretch, in its unit. */
  public double allowed(double level) {
    return kind.tolerance() * Math.abs(level) + kind.slack();
  }

  private List<Point> parts(Duration from, Duration end) {
    double length = Math.max(1, end.minus(from).toMillis()) / (double) PARTS;
    List<List<Point>> parts = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      parts.add(new ArrayList<>());
    }
    for (Point it : points) {
      long into = it.at().minus(from).toMillis();
      if (into >= 0 && it.at().compareTo(end) <= 0) {
        parts.get(Math.min(PARTS - 1, (int) (into / length))).add(it);
      }
    }
    return parts.stream().filter(it -> !it.isEmpty()).map(this::value).toList();
  }

  private Point value(List<Point> part) {
    return switch (kind.envelope()) {
      case UPPER -> part.stream().max(Comparator.comparingDouble(Point::value)).orElseThrow();
      case LOWER -> part.stream().min(Comparator.comparingDouble(Point::value)).orElseThrow();
      case MIDDLE ->
          new Point(
              part.get(part.size() / 2).at(),
              median(part.stream().mapToDouble(Point::value).toArray()));
    };
  }

  /** In units a second. */
  private static double slope(List<Point> parts) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      for (int k = i + 1; k < parts.size(); k++) {
        Duration between = parts.get(k).at().minus(parts.get(i).at());
        if (!between.isZero()) {
          slopes.add((parts.get(k).value() - parts.get(i).value()) / (between.toMillis() / 1e3));
        }
      }
    }
    return slopes.isEmpty() ? 0 : median(slopes.stream().mapToDouble(it -> it).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
