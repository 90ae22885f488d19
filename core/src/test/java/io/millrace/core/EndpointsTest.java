package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {

  @TempDir private Path folder;

  @Test
  void readsWhatItWrote() {
    Path file = folder.resolve("run/endpoints.properties");
    Endpoints endpoints = new Endpoints("127.0.0.1:9092", 7070, 9093, 9101, 9102);
    endpoints.write(file);
    assertThat(Endpoints.find(file)).contains(endpoints);
    assertThat(endpoints.serverUrl()).isEqualTo("http://127.0.0.1:7070");
  }

  @Test
  void findsNoneWhereNothingRuns() {
    assertThat(Endpoints.find(folder.resolve("endpoints.properties"))).isEmpty();
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    Path file = Files.writeString(folder.resolve("endpoints.properties"), "server=many\n");
    assertThatThrownBy(() -> Endpoints.find(file))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot read " + file + ": ");
  }
}
