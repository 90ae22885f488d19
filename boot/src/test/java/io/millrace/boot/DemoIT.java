package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

  @TempDir Path directory;

  @Test
  void demoProvesItsNumbersAndEndsByItself() throws Exception {
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    try (Command demo = Command.start(data, "demo", "--exit")) {
      int exit = demo.exitCode();

      assertThat(exit).as(demo.output()).isZero();
      assertThat(demo.output())
          .contains("The balance holds: nothing lost, nothing twice, nothing made up.")
          .contains("Every count is that of the file and of the shop.");
    }
  }
}
