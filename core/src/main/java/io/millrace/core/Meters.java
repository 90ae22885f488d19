package io.millrace.core;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * The counters and gauges of one process, shown at its {@code /metrics} in Prometheus's text format
 * (version 0.0.4). Names end in their unit; counters in {@code _total}.
 */
public final class Meters {

  private record Meter(String kind, String help, Map<String, DoubleSupplier> series) {}

  private final ConcurrentSkipListMap<String, Meter> meters = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> counters = new TreeMap<>();

  /**
   * The counter of this name and these labels; the same one each time.
   *
   * @param labels name, value, name, value
   */
  public synchronized LongAdder counter(String name, String help, String... labels) {
    String series = series(labels);
    return counters.computeIfAbsent(
        name + series,
        key -> {
          LongAdder counter = new LongAdder();
          meter(name, "counter", help).series().put(series, counter::doubleValue);
          return counter;
        });
  }

  /** Shows a value read when someone looks; a second gauge of the same name and labels replaces. */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    meter(name, "gauge", help).series().put(series(labels), value);
  }

  private Meter meter(String name, String kind, String help) {
    return meters.computeIfAbsent(
        name, key -> new Meter(kind, help, new ConcurrentSkipListMap<>()));
  }

  private static String series(String... labels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < labels.length; i += 2) {
      String value = labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      text.append(i == 0 ? "{" : ",").append(labels[i]).append("=\"").append(value).append('"');
    }
    return labels.length == 0 ? "" : text.append('}').toString();
  }

  /** Everything, in Prometheus's text format. */
  public String prometheus() {
    StringBuilder text = new StringBuilder();
    meters.forEach(
        (name, meter) -> {
          text.append(
              "# HELP %s %s\n# TYPE %s %s\n".formatted(name, meter.help(), name, meter.kind()));
          meter
              .series()
              .forEach(
                  (labels, value) ->
                      text.append(name)
                          .append(labels)
                          .append(' ')
                          .append(value.getAsDouble())
                          .append('\n'));
        });
    return text.toString();
  }
}
