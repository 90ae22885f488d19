package io.millrace.boot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScratchTest {

  @Test
  void isRemovedWithAllThatIsInIt() throws Exception {
    Path directory;
    try (Scratch scratch = Scratch.make(false)) {
      directory = scratch.file("any").getParent();
      Files.writeString(scratch.file("up.log"), "one line");
    }
    assertThat(directory).doesNotExist();
  }

  /** A run of hours has its result by then. */
  @Test
  void whatCannotBeRemovedIsNoFailureOfTheRun() throws Exception {
    try (Scratch scratch = Scratch.make(false)) {
      Path directory = scratch.file("any").getParent();
      Files.delete(directory.resolve("disk"));
      Files.delete(directory);
    }
  }
}
