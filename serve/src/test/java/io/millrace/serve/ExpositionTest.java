package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Meters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  @Test
  void sumsAMetricByStream() {
    String text =
        """
        # HELP events_total Events, {stream="none"} 9
        # TYPE events_total counter
        events_total{stream="clicks",verdict="accepted"} 10.0
        events_total{verdict="rejected",stream="clicks"} 2
        events_total{stream="orders",verdict="accepted"} 1.5E3
        other_total{stream="clicks"} 7
        events_total 99
        """;

    assertThat(Exposition.byStream(text, "events_total"))
        .containsOnly(Map.entry("clicks", 12.0), Map.entry("orders", 1500.0));
  }

  @Test
  void readsWhatMetersWrite() {
    Meters meters = new Meters();
    meters.counter("events_total", "Events.", "stream", "clicks", "verdict", "late").add(3);

    assertThat(Exposition.byStream(meters.prometheus(), "events_total"))
        .containsEntry("clicks", 3.0);
  }
}
