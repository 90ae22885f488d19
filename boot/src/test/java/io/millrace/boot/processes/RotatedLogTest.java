package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedLogTest {

  @TempDir Path directory;

  @Test
  void keepsTheNewestFilesAndNoMore() throws IOException {
    Path file = directory.resolve("logs/broker.log");
    RotatedLog log = new RotatedLog(file, 10, 2);

    for (String line : new String[] {"first.....", "second....", "third.....", "fourth...."}) {
      log.take(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
    }

    assertThat(file).hasContent("fourth....");
    assertThat(file.resolveSibling("broker.log.1")).hasContent("third.....");
    assertThat(file.resolveSibling("broker.log.2")).hasContent("second....");
    assertThat(file.getParent().toFile().list()).hasSize(3);
  }
}
