package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.lake.AsOf;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a state of the lake is written: {@code 12}, {@code 2026-01-31T12:00:00Z}, {@code now}. */
final class StateName {

  private static final Pattern RELEASE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern BRANCH = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private StateName() {}

  /** Reads the number of a release, a time, or {@code now}. */
  static AsOf parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot read '%s' as a state of the lake: write the number of a release such as 12, a time such as 2026-01-31T12:00:00Z, or now"
                        .formatted(text)));
  }

  /** Reads the same, or the name of a branch. */
  static AsOf parseOrBranch(String text) {
    return find(text)
        .orElseGet(() -> BRANCH.matcher(text).matches() ? new AsOf.Branch(text) : parse(text));
  }

  private static Optional<AsOf> find(String text) {
    if (text.equals("now")) {
      return Optional.of(AsOf.now());
    } else if (RELEASE.matcher(text).matches()) {
      return Optional.of(new AsOf.Release(Long.parseLong(text)));
    }
    try {
      return Optional.of(new AsOf.Time(Instant.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
