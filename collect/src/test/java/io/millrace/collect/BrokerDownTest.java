package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.Incident;
import io.millrace.core.Incidents;
import io.millrace.testkit.Broker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerDownTest {

  @TempDir Path folder;

  private static final Collector.Limits IMPATIENT =
      new Collector.Limits(256, 64L << 20, 100_000, Duration.ofSeconds(2), Duration.ofSeconds(1));

  /** After which a broker that confirmed nothing is tried again. */
  private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(2);

  @Test
  void neverAnswersForEventsThatKafkaDidNotConfirm() throws Exception {
    try (Broker broker = Broker.start(folder.resolve("kafka"))) {
      new Topics(
              broker.bootstrapServers(),
              Clicks.project(folder, RunningCollector.settings(1_000_000, 0)))
          .make(Duration.ofSeconds(30));
      try (RunningCollector collector = RunningCollector.start(folder, broker, IMPATIENT)) {
        sendUntilTaken(collector, Clicks.good(1));
        broker.kill();
        HttpResponse<String> refused =
            collector.post("application/x-ndjson", Clicks.good(2) + "\n" + Clicks.bad(3));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(RunningCollector.json(refused).get("code").textValue()).isEqualTo("unknown");
        assertThat(RunningCollector.error(refused))
            .startsWith("Cannot say whether the events were kept: Kafka did not confirm them")
            .endsWith("send them again, repeats are dropped by event id");
        broker.start();
        sendUntilTaken(collector, Clicks.good(4));
        collector.stop();
        long answered =
            Acknowledged.read(collector.data().metadata()).values().stream()
                .mapToLong(Acknowledged.Count::events)
                .sum();
        assertThat(answered).isEqualTo(2);
        assertThat(collector.records("clicks"))
            .extracting(record -> new String(record.value(), UTF_8))
            .as("an event that was sent again may be there twice")
            .containsOnly(Clicks.good(1), Clicks.good(4));
      }
    }
  }

  @Test
  void answersAtOnceWhileKafkaConfirmsNothing() throws Exception {
    try (Broker broker = Broker.start(folder.resolve("kafka"))) {
      new Topics(
              broker.bootstrapServers(),
              Clicks.project(folder, RunningCollector.settings(1_000_000, 0)))
          .make(Duration.ofSeconds(30));
      try (RunningCollector collector = RunningCollector.start(folder, broker, IMPATIENT);
          Incidents incidents =
              Incidents.open(collector.data().metadata(), InstantSource.system())) {
        broker.kill();
        for (int i = 0; i < 3; i++) {
          HttpResponse<String> tried = collector.post("application/x-ndjson", Clicks.good(i));
          assertThat(RunningCollector.json(tried).get("code").textValue()).isEqualTo("unknown");
        }
        assertThat(incidents.goingOn())
            .singleElement()
            .satisfies(incident -> assertThat(incident.kind()).isEqualTo(Incident.Kind.KAFKA))
            .satisfies(
                incident -> assertThat(incident.cause()).startsWith("Kafka confirms nothing: "));
        HttpResponse<String> refused = collector.post("application/x-ndjson", Clicks.good(3));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(RunningCollector.error(refused))
            .isEqualTo(
                "Cannot take events now: Kafka has not confirmed the last ones; nothing of this request was kept, send it again later");

        broker.start();
        sendUntilTaken(collector, Clicks.good(4));
        assertThat(incidents.goingOn()).isEmpty();
        assertThat(collector.post("application/x-ndjson", Clicks.good(5)).statusCode())
            .isEqualTo(200);
      }
    }
  }

  /** As a producer does: a broker may need longer than we are patient here. */
  private static void sendUntilTaken(RunningCollector collector, String event) {
    await("Kafka confirms the event")
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              collector.advance(BETWEEN_TRIALS);
              return collector.post("application/x-ndjson", event).statusCode() == 200;
            });
  }

  @Test
  void answersAtOnceWhenTheTopicsAreNotThereYet() throws Exception {
    try (Broker broker = Broker.start(folder.resolve("kafka"));
        RunningCollector collector = RunningCollector.start(folder, broker, IMPATIENT)) {
      HttpResponse<String> refused =
          collector.post("application/x-ndjson", (Clicks.good(1) + "\n").repeat(1_000));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(RunningCollector.error(refused)).contains("clicks not present in metadata");
    }
  }
}
