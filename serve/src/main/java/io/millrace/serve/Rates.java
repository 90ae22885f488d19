package io.millrace.serve;

import io.millrace.core.Daemons;
import io.millrace.core.Meters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast events come in and how fast they are processed, read once a second whether someone looks
 * or not, so that a console that opens has its two minutes at once. Received is what the collector
 * of this process counts; processed is what the stream process counts.
 */
final class Rates implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Rates.class);
  private static final String RECEIVED = "millrace_collect_events_total";
  private static final String PROCESSED = "millrace_stream_events_total";
  private static final Duration TIMEOUT = Duration.ofMillis(800);

  private final RateWindow received;
  private final RateWindow processed;
  private final Meters meters;
  private final HttpRequest streamMetrics;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ScheduledExecutorService clock = Daemons.timer("rates");

  Rates(List<String> streams, Meters meters, int streamMetricsPort) {
    this.received = new RateWindow(streams);
    this.processed = new RateWindow(streams);
    this.meters = meters;
    this.streamMetrics =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + streamMetricsPort + "/metrics"))
            .timeout(TIMEOUT)
            .build();
  }

  void start() {
    var unused = clock.scheduleAtFixedRate(this::read, 0, 1, TimeUnit.SECONDS);
  }

  /** The rates of events as the collector receives them. */
  RateWindow received() {
    return received;
  }

  /** The rates of events as the stream process gives its verdict on them. */
  RateWindow processed() {
    return processed;
  }

  private void read() {
    try {
      received.read(System.nanoTime(), Exposition.byStream(meters.prometheus(), RECEIVED));
      readProcessed();
    } catch (RuntimeException e) {
      // A periodic task that throws is never run again.
      log.warn("Cannot read the rates: {}", e.toString());
    }
  }

  private void readProcessed() {
    try {
      HttpResponse<String> response =
          http.send(streamMetrics, HttpResponse.BodyHandlers.ofString());
      Map<String, Double> totals = Exposition.byStream(response.body(), PROCESSED);
      processed.read(System.nanoTime(), totals);
    } catch (IOException e) {
      processed.miss();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
