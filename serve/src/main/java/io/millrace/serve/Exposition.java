package io.millrace.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus's text format: what a process says at its {@code /metrics}. */
final class Exposition {

  private static final Pattern SAMPLE =
      Pattern.compile("^([a-zA-Z_:][\\w:]*)\\{([^}]*)}\\s+(\\S+)", Pattern.MULTILINE);
  private static final Pattern STREAM = Pattern.compile("(?:^|,)\\s*stream=\"([^\"]*)\"");

  private Exposition() {}

  /** The values of one metric, summed over all its labels but {@code stream}. */
  static Map<String, Double> byStream(String text, String metric) {
    Map<String, Double> totals = new HashMap<>();
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      Matcher stream = STREAM.matcher(sample.group(2));
      if (sample.group(1).equals(metric) && stream.find()) {
        totals.merge(stream.group(1), Double.valueOf(sample.group(3)), Double::sum);
      }
    }
    return totals;
  }
}
