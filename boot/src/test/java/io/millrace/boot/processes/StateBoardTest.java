package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateBoardTest {

  private static final ProcessState DOWN =
      new ProcessState("broker", State.DOWN, 0, 1, Instant.parse("2026-01-01T00:00:00Z"));
  private static final ProcessState RUNNING =
      new ProcessState("broker", State.RUNNING, 7, 1, Instant.parse("2026-01-01T00:00:09Z"));

  @TempDir Path directory;

  @Test
  void writesWhatItCouldNotAsSoonAsItCan() throws Exception {
    Path file = directory.resolve("processes");
    // As on a full disk, the new file cannot be written: a directory has its name.
    Path inTheWay = Files.createDirectory(directory.resolve("processes.new"));
    List<String> said = new ArrayList<>();
    try (StateBoard board = new StateBoard(file, said::add)) {
      board.show(DOWN);
      board.show(RUNNING);

      assertThat(said)
          .singleElement()
          .asString()
          .startsWith("Cannot write " + file)
          .endsWith("; it is tried again until there is room");
      assertThat(file).doesNotExist();
      Files.delete(inTheWay);

      await().until(() -> ProcessState.read(file).equals(List.of(RUNNING)));
    }
  }

  @Test
  void writesNothingOnceItIsClosed() {
    Path file = directory.resolve("processes");
    StateBoard board = new StateBoard(file, sentence -> {});
    board.close();

    board.show(RUNNING);

    assertThat(file).doesNotExist();
  }
}
