package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Golden;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of a long run and its picture are made of the certificate that is kept beside them. */
class SoakPageTest {

  @Test
  void pageSaysWhatTheCertificateSays() throws IOException {
    FiguresPage.assertMatches("soak", SoakPageTest::page);
  }

  @Test
  void pictureShowsWhatTheCertificateSays() throws IOException {
    Golden.assertMatches(Path.of("docs/soak.svg"), SoakPicture.of(FiguresPage.figures("soak")));
  }

  /** A run that was broken off or went wrong says so, and is not what we show. */
  @Test
  void theRunThatIsShownLostNothing() throws IOException {
    assertThat(FiguresPage.figures("soak").at("/balance/holds").asBoolean()).isTrue();
  }

  private static String page(JsonNode it) {
    JsonNode balance = it.get("balance");
    return """
        # A long run

        What a run of `millrace prove --soak` showed. This page is made of its certificate, [soak.json](soak.json);
        [Running for long](guide/soak.md) says what is done and how a series is judged.

            %s

        **%s: %,d events acknowledged, %,d lost, %,d twice.** The highest load that %d processors sustained, with the
        producers beside it, was %,d events a second; the run held %,d. %d of %d proofs that were asked for meanwhile
        held, %d processes had to be started again, and the project's own `prove --full` %s.

        ![What was measured, over time](soak.svg)

        | series | verdict | median | growth | allowed |
        |---|---|---:|---:|---:|
        %s
        | offered events a second | acknowledged | tables behind | sustained |
        |---:|---:|---:|---|
        %s"""
        .formatted(
            balance.get("command").asText(),
            it.get("holds").asBoolean() ? "It holds" : "It does not hold",
            balance.get("acknowledged").asLong(),
            balance.get("lost").asLong(),
            balance.get("twice").asLong(),
            balance.get("processors").asInt(),
            it.get("highest_events_per_second").asLong(),
            it.get("held_events_per_second").asLong(),
            it.get("proofs").asLong() - it.get("proofs_failed").asLong(),
            it.get("proofs").asLong(),
            it.get("restarts").asLong(),
            balance.get("proof_holds").asBoolean() ? "holds" : "does not hold",
            FiguresPage.rows(it.get("series"), SoakPageTest::series),
            FiguresPage.rows(it.get("ramp"), SoakPageTest::step));
  }

  private static String series(JsonNode it) {
    String unit = it.get("unit").asText();
    return "| %s%s | %s | %s | %s | %s |\n"
        .formatted(
            it.get("name").asText(),
            unit.isEmpty() ? "" : " (" + unit + ")",
            it.get("verdict").asText(),
            SoakPicture.number(it.get("median").asDouble()),
            SoakPicture.number(it.get("growth").asDouble()),
            SoakPicture.number(it.get("allowed").asDouble()));
  }

  private static String step(JsonNode it) {
    return "| %,d | %,d | %.1f s | %s |\n"
        .formatted(
            it.get("offered").asLong(),
            it.get("acknowledged").asLong(),
            it.get("behind_s").asDouble(),
            it.get("sustained").asBoolean() ? "yes" : "no");
  }
}
