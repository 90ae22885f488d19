package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SoakIT {

  private static final int MINUTES = Integer.getInteger("soak.minutes", 60);
  private static final int TO_RAMP_AND_TO_PROVE = 45;

  @TempDir Path directory;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void nothingIsLostAndNothingGrows() throws Exception {
    Path json = directory.resolve("soak.json");

    try (Command prove =
        Command.startIn(
            directory,
            "prove",
            "--soak",
            "--minutes=" + MINUTES,
            "--project=" + Repository.here().root().resolve("packs/retail"),
            "--json=" + json)) {
      int exit = prove.exitCode(Duration.ofMinutes(MINUTES + TO_RAMP_AND_TO_PROVE));

      assertThat(exit).as(prove.output()).isZero();
      JsonNode soak = new ObjectMapper().readTree(json.toFile());
      assertThat(soak.get("held_events_per_second").asLong()).isPositive();
      assertThat(soak.get("series")).noneMatch(it -> it.get("verdict").asText().equals("grows"));
      assertThat(soak.at("/balance/lost").asLong()).isZero();
      assertThat(soak.at("/balance/twice").asLong()).isZero();
    }
  }
}
