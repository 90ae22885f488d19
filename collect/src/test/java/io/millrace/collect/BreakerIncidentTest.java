package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.BreakerIncident;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.MetadataDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What core says of a breaker; here, because core itself has no database driver. */
class BreakerIncidentTest {

  @TempDir Path directory;

  private final List<String> log = new ArrayList<>();

  private Incidents open() {
    return Incidents.open(
        directory.resolve("metadata.db"),
        InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z")));
  }

  private BreakerIncident kafka(Incidents incidents) {
    return new BreakerIncident(
        incidents,
        Kind.KAFKA,
        "collector",
        new BreakerIncident.Sentences(
            "kafka", "Kafka confirms nothing", "producers wait", "Kafka confirms events again"),
        log::add);
  }

  @Test
  void isAnIncidentForAsLongAsTheBreakerIsOpen() {
    try (Incidents incidents = open()) {
      BreakerIncident kafka = kafka(incidents);

      kafka.opened("timed out");
      assertThat(incidents.goingOn())
          .singleElement()
          .satisfies(
              it -> {
                assertThat(it.upstream()).isEqualTo("kafka");
                assertThat(it.cause()).isEqualTo("Kafka confirms nothing: timed out");
                assertThat(it.done()).isEqualTo("producers wait");
              });

      kafka.closed();
      assertThat(incidents.goingOn()).isEmpty();
      assertThat(log)
          .containsExactly(
              "collector: Kafka confirms nothing: timed out; producers wait",
              "collector: Kafka confirms events again");
    }
  }

  @Test
  void saysWhatItCannotWrite() throws SQLException {
    try (Incidents incidents = open()) {
      BreakerIncident kafka = kafka(incidents);
      try (Connection connection = MetadataDatabase.open(directory.resolve("metadata.db"));
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE incidents");
      }

      kafka.opened("timed out");

      assertThat(log).hasSize(2).last().asString().contains("no such table: incidents");
    }
  }
}
