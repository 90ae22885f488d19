package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FaultsIT {

  /** Three for whoever tests a change, ten in continuous integration, a hundred with -Pslow. */
  private static final int FAULTS = Integer.getInteger("faults.count", 3);

  /** The first ten of it hold what is worst and soon over. */
  private static final long SEED = 869;

  @TempDir Path directory;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void nothingIsLostAndNothingIsTwiceWhateverHappens() throws Exception {
    Path project = project();
    Path json = directory.resolve("certificate.json");

    try (Command prove =
        Command.startIn(
            directory,
            "prove",
            "--faults",
            "--count=" + FAULTS,
            "--seed=" + SEED,
            "--project=" + project,
            "--json=" + json)) {
      int exit = prove.exitCode(Duration.ofMinutes(3 + FAULTS));

      assertThat(exit).as(prove.output()).isZero();
      JsonNode certificate = new ObjectMapper().readTree(json.toFile());
      assertThat(certificate.get("acknowledged").asLong()).isGreaterThan(1_000);
      assertThat(certificate.get("lost").asLong()).isZero();
      assertThat(certificate.get("twice").asLong()).isZero();
      assertThat(certificate.get("faults")).hasSize(FAULTS);
      assertThat(certificate.get("streams"))
          .hasSize(2)
          .allMatch(it -> it.get("sent_fingerprint").equals(it.get("found_fingerprint")));
      assertThat(prove.output()).contains(" acknowledged, 0 lost, 0 twice.");
    }
  }

  /** A stream whose events have an id, and one whose events are known by what they say. */
  private Path project() throws IOException {
    Path project = SmallShop.in(directory.resolve("shop"), "settings:\n  commit_interval: 1s\n");
    Files.writeString(
        project.resolve("streams/visits.yaml"),
        """
        key: page
        event_id: {derived_from: [page, seconds, seen]}
        event_time: seen
        lateness: 1h
        fields:
          page: {type: string, required: true}
          seconds: {type: int, min: 0, max: 100}
          seen: {type: timestamp, required: true}
          tags: {type: list, element: string}
        """);
    return project;
  }
}
