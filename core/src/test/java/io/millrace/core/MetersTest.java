package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetersTest {

  @Test
  void showsCountersAndGaugesByNameAndLabels() {
    Meters meters = new Meters();
    meters.counter("events_total", "Events.", "stream", "clicks").add(2);
    meters.counter("events_total", "Events.", "stream", "orders").increment();
    meters.counter("events_total", "Events.", "stream", "clicks").increment();
    meters.gauge("queue_bytes", "The queue.", () -> 7.5);
    assertThat(meters.prometheus())
        .isEqualTo(
            """
            # HELP events_total Events.
            # TYPE events_total counter
            events_total{stream="clicks"} 3.0
            events_total{stream="orders"} 1.0
            # HELP queue_bytes The queue.
            # TYPE queue_bytes gauge
            queue_bytes 7.5
            """);
  }

  @Test
  void quotesWhatALabelHolds() {
    Meters meters = new Meters();
    meters.gauge("size_bytes", "Size.", () -> 1, "file", "a\"b\\c\nd");
    assertThat(meters.prometheus()).contains("size_bytes{file=\"a\\\"b\\\\c\\nd\"} 1.0\n");
  }
}
