package io.millrace.core;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as people write it: a whole number and a unit, such as {@code 10m}. */
public record TimeSpan(Duration duration) {

  /** What is allowed, for a message or a page. */
  public static final String HOW = "a whole number and a unit (ms, s, m, h, d), such as 10m";

  /** What is allowed, as a regular expression. */
  public static final String PATTERN = "^[0-9]{1,9}(ms|s|m|h|d)$";

  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** The span that is written so, if it is one. */
  public static Optional<TimeSpan> find(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new TimeSpan(
                UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)))))
        : Optional.empty();
  }

  public static TimeSpan parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot read '" + text + "' as a length of time: write " + HOW));
  }

  /** As people write it, in the largest unit that holds it whole. */
  @Override
  public String toString() {
    long millis = duration.toMillis();
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long size = UNITS.get(unit).toMillis();
      if (millis % size == 0 && millis != 0) {
        return millis / size + unit;
      }
    }
    return millis == 0 ? "0s" : millis + "ms";
  }
}
