package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of figures is made of the certificate that is kept beside it. */
class ReliabilityPageTest {

  @Test
  void pageSaysWhatTheCertificateSays() throws IOException {
    FiguresPage.assertMatches("reliability", ReliabilityPageTest::page);
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
            FiguresPage.rows(it.get("kinds"), ReliabilityPageTest::fault),
            FiguresPage.rows(it.get("streams"), ReliabilityPageTest::stream));
  }

  private static String fault(JsonNode it) {
    String reason = it.get("reason").asText();
    return "| %s%s | %d | %d | %s | %s |\n"
        .formatted(
            it.get("sentence").asText(),
            reason.isEmpty() ? "" : " (not tried: " + reason + ")",
            it.get("tried").asInt(),
            it.get("not_tried").asInt(),
            seconds(it, "median_ms"),
            seconds(it, "worst_ms"));
  }

  private static String stream(JsonNode it) {
    StringBuilder row = new StringBuilder("| " + it.get("stream").asText());
    for (String column :
        List.of(
            "acknowledged",
            "bronze",
            "late",
            "rejected",
            "repeated",
            "unconfirmed",
            "refused",
            "lost",
            "twice",
            "wrong")) {
      row.append(" | %,d".formatted(it.get(column).asLong()));
    }
    return row + " |\n";
  }

  private static String seconds(JsonNode kind, String milliseconds) {
    return kind.get("tried").asInt() == 0
        ? ""
        : "%.1f s".formatted(kind.get(milliseconds).asLong() / 1e3);
  }
}
