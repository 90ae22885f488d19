package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {

  @TempDir private Path folder;

  @Test
  void readsWhatItWrote() {
    Path file = new DataDirectory(folder).deployment();
    assertThat(Deployment.find(file)).isEmpty();

    Deployment deployment = new Deployment("http://127.0.0.1:8081", "a1", "one:9092,two:9092", 2);
    deployment.write(file);
    assertThat(Deployment.find(file)).contains(deployment);
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    Path file = Files.writeString(folder.resolve("deployment.properties"), "parallelism=many\n");
    assertThatThrownBy(() -> Deployment.find(file))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot read " + file + ": ");
  }
}
