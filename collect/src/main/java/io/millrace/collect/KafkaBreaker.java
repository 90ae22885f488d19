package io.millrace.collect;

import io.millrace.core.Breaker;
import io.millrace.core.BreakerIncident;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers producers at once while Kafka confirms nothing, instead of having each of them wait for
 * the time limit. What is refused was not sent anywhere, so the producer still has it.
 */
final class KafkaBreaker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaBreaker.class);

  private static final Breaker.Limits LIMITS =
      new Breaker.Limits(3, Duration.ofMillis(500), Duration.ofSeconds(2));

  private static final BreakerIncident.Sentences SENTENCES =
      new BreakerIncident.Sentences(
          "kafka",
          "Kafka confirms nothing",
          "producers are answered 503 at once and keep what they have; Kafka is tried again every few seconds",
          "Kafka confirms events again");

  private final Incidents incidents;
  private final Breaker breaker;

  /** What a process before this one reported is over: this one has not failed yet. */
  KafkaBreaker(Incidents incidents, Clock clock) {
    this.incidents = incidents;
    BreakerIncident incident =
        new BreakerIncident(incidents, Kind.KAFKA, "collector", SENTENCES, log::warn);
    this.breaker = new Breaker(LIMITS, clock, incident);
    incident.end();
  }

  /** Refuses the request unless Kafka may be tried with it. */
  void pass() {
    Duration wait = breaker.toWait();
    if (!wait.isZero()) {
      throw Refused.kafkaDown(
          "Cannot take events now: Kafka has not confirmed the last ones; nothing of this request was kept, send it again later",
          wait);
    }
  }

  void confirmed() {
    breaker.succeeded();
  }

  void unconfirmed(String cause) {
    breaker.failed(cause);
  }

  @Override
  public void close() {
    incidents.close();
  }
}
