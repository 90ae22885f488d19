package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {

  @TempDir Path folder;

  @Test
  void oneHasItAtATimeAndTheFileSaysWho() {
    Path file = folder.resolve("run/lock");
    FileLock first = FileLock.take(file).orElseThrow();

    assertThat(FileLock.take(file)).isEmpty();
    assertThat(FileLock.holder(file)).isEqualTo(Long.toString(ProcessHandle.current().pid()));

    first.close();
    FileLock second = FileLock.take(file).orElseThrow();
    second.close();
  }

  @Test
  void saysWhichFileCannotBeMade() throws Exception {
    Path file = Files.createFile(folder.resolve("file")).resolve("lock");

    assertThatThrownBy(() -> FileLock.take(file))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot use '" + file + "': ");
  }
}
