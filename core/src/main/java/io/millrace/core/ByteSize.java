package io.millrace.core;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 512MB}. A kilobyte is 1,024 bytes. */
public record ByteSize(long bytes) {

  /** What is allowed, for a message or a page. */
  public static final String HOW = "a whole number and a unit (B, KB, MB, GB, TB), such as 512MB";

  /** What is allowed, as a regular expression. */
  public static final String PATTERN = "^[0-9]{1,5}(B|KB|MB|GB|TB)$";

  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,5})(B|KB|MB|GB|TB)");

  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

  /** The size that is written so, if it is one. */
  public static Optional<ByteSize> find(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ByteSize(
                Long.parseLong(matcher.group(1)) << (10 * UNITS.indexOf(matcher.group(2)))))
        : Optional.empty();
  }

  public static ByteSize parse(String text) {
    return find(text)
        .orElseThrow(
            () -> MillraceException.caller("Cannot read '" + text + "' as a size: write " + HOW));
  }

  /** As people write it, in the largest unit that holds it whole. */
  @Override
  public String toString() {
    int unit = bytes == 0 ? 0 : Math.min(UNITS.size() - 1, Long.numberOfTrailingZeros(bytes) / 10);
    return (bytes >> (10 * unit)) + UNITS.get(unit);
  }

  /** About how much it is: {@code 1.4 GB}. */
  public String rounded() {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
  }
}
