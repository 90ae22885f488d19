package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStateTest {

  private static final Instant NINE = Instant.parse("2026-01-01T09:00:00.125Z");

  @TempDir Path directory;

  @Test
  void isReadAsItWasWritten() {
    Path file = directory.resolve("run/processes.properties");
    List<ProcessState> states =
        List.of(
            new ProcessState("broker", State.RUNNING, 17, 0, NINE),
            new ProcessState("stream", State.DOWN, 0, 3, NINE));

    ProcessState.write(file, states);

    assertThat(file)
        .hasContent(
            """
            broker=running 17 0 2026-01-01T09:00:00.125Z
            stream=down 0 3 2026-01-01T09:00:00.125Z
            """);
    assertThat(ProcessState.read(file)).isEqualTo(states);
  }

  @Test
  void isAnEmptyListWhereNothingRuns() {
    assertThat(ProcessState.read(directory.resolve("none"))).isEmpty();
  }

  @Test
  void saysWhichFileItCannotRead() throws IOException {
    Path file = Files.writeString(directory.resolve("processes.properties"), "broker=running\n");

    assertThatThrownBy(() -> ProcessState.read(file))
        .hasMessage("Cannot read " + file + ": 'broker=running' is not a process's state");
  }
}
