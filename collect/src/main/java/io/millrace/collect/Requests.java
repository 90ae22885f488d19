package io.millrace.collect;

import io.millrace.core.Meters;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of requests: how many, how long they took, how many were refused and why. */
final class Requests {

  /** The upper bounds of the latencies that are counted; the last one is whatever took longer. */
  private static final long[] BOUNDS_MS = {10, 50, 250, 1_000, 5_000};

  private final Meters meters;
  private final LongAdder count;
  private final LongAdder micros;
  private final LongAdder[] within = new LongAdder[BOUNDS_MS.length];

  Requests(Meters meters, InFlight inFlight) {
    this.meters = meters;
    this.count = meters.counter("millrace_collect_requests_total", "Requests that were answered");
    this.micros =
        meters.counter(
            "millrace_collect_request_microseconds_total",
            "Time from a request's headers to its answer, summed over the requests");
    for (int i = 0; i < BOUNDS_MS.length; i++) {
      within[i] =
          meters.counter(
              "millrace_collect_requests_within_total",
              "Requests that were answered within so many milliseconds",
              "milliseconds",
              Long.toString(BOUNDS_MS[i]));
    }
    meters.gauge(
        "millrace_collect_requests_in_flight", "Requests being handled", inFlight::requests);
    meters.gauge(
        "millrace_collect_bytes_in_flight", "Memory of the bodies being handled", inFlight::bytes);
  }

  void answered(Duration took) {
    count.increment();
    micros.add(TimeUnit.NANOSECONDS.toMicros(took.toNanos()));
    for (int i = 0; i < BOUNDS_MS.length; i++) {
      if (took.toMillis() < BOUNDS_MS[i]) {
        within[i].increment();
      }
    }
  }

  void refused(String cause, Duration took) {
    meters
        .counter(
            "millrace_collect_refused_total",
            "Requests that were refused, by cause",
            "cause",
            cause)
        .increment();
    answered(took);
  }
}
