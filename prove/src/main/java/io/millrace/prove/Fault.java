package io.millrace.prove;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One fault of a plan.
 *
 * @param number counts from 1
 * @param victims whom it hits; none where it hits what is between or around the processes
 * @param calm how long the project is left alone before it
 * @param lasts how long its cause stays
 */
public record Fault(
    int number, FaultKind kind, List<Victim> victims, Duration calm, Duration lasts) {

  /** A process of a running project. */
  public enum Victim {
    BROKER,
    STREAM,
    SERVER;

    /** As {@code up} calls it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Fault {
    victims = List.copyOf(victims);
  }

  @Override
  public String toString() {
    String whom =
        victims.isEmpty()
            ? ""
            : ": " + victims.stream().map(Victim::toString).collect(Collectors.joining(" and "));
    String howLong = lasts.isZero() ? "" : ", for %.1f s".formatted(lasts.toMillis() / 1e3);
    return kind.sentence() + whom + howLong;
  }
}
