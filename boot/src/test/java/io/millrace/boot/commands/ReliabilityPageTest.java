package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Golden;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The page of figures is made of the certificate that is kept beside it. */
class ReliabilityPageTest {

  private static final Path CERTIFICATE = Path.of("docs/reliability.json");

  @Test
  void pageSaysWhatTheCertificateSays() throws IOException {
    JsonNode certificate = Server.JSON.readTree(Repository.here().text(CERTIFICATE).text());

    Golden.assertMatches(Path.of("docs/reliability.md"), page(certificate));
  }

  private static String page(JsonNode it) {
    return """
        # Reliability

        What a run of `millrace prove --faults` showed. This page is made of its certificate,
        [reliability.json](reliability.json); [Trying faults](guide/faults.md) says what is done and what is counted.

            %s

        **%s: %,d faults tried, %,d events acknowledged, %,d lost, %,d twice.** The run took %d minutes on %d
        processors and held %,d acknowledged events a second, faults included. The project's own `prove --full` %s.

        Times are from the end of a fault's cause until an event of every stream that was sent after it is in its table,
        committed.

        | fault | tried | not tried | median | worst |
        |---|---:|---:|---:|---:|
        %s
        | stream | acknowledged | bronze | late | rejected | repeated | unconfirmed | refused | lost | twice | wrong |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        %s"""
        .formatted(
            it.get("command").asText(),
            it.get("holds").asBoolean() ? "It holds" : "It does not hold",
            it.get("faults_tried").asLong(),
            it.get("acknowledged").asLong(),
            it.get("lost").asLong(),
            it.get("twice").asLong(),
            Duration.ofMillis(it.get("lasted_ms").asLong()).toMinutes(),
            it.get("processors").asInt(),
            it.get("events_per_second").asLong(),
            it.get("proof_holds").asBoolean() ? "holds" : "does not hold",
            faults(it.get("kinds")),
            streams(it.get("streams")));
  }

  private static String faults(JsonNode kinds) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode it : kinds) {
      String reason = it.get("reason").asText();
      rows.append(
          "| %s%s | %d | %d | %s | %s |\n"
              .formatted(
                  it.get("sentence").asText(),
                  reason.isEmpty() ? "" : " (not tried: " + reason + ")",
                  it.get("tried").asInt(),
                  it.get("not_tried").asInt(),
                  seconds(it, "median_ms"),
                  seconds(it, "worst_ms")));
    }
    return rows.toString();
  }

  private static String streams(JsonNode streams) {
    StringBuilder rows = new StringBuilder();
    for (JsonNode it : streams) {
      rows.append("| ").append(it.get("stream").asText());
      for (String column :
          new String[] {
            "acknowledged",
            "bronze",
            "late",
            "rejected",
            "repeated",
            "unconfirmed",
            "refused",
            "lost",
            "twice",
            "wrong"
          }) {
        rows.append(" | %,d".formatted(it.get(column).asLong()));
      }
      rows.append(" |\n");
    }
    return rows.toString();
  }

  private static String seconds(JsonNode kind, String milliseconds) {
    return kind.get("tried").asInt() == 0
        ? ""
        : "%.1f s".formatted(kind.get(milliseconds).asLong() / 1e3);
  }
}
