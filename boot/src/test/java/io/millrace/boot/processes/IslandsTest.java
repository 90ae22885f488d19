package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IslandsTest {

  private static final String RECORDS = "-XX:+RecordDynamicDumpInfo";
  private static final Endpoints ENDPOINTS = new Endpoints("127.0.0.1:1", 2, 3, 4, 5);

  @TempDir Path home;
  private Islands islands;

  @BeforeEach
  void install() throws IOException {
    for (String process : List.of("broker", "stream", "server")) {
      Path jars = Files.createDirectories(home.resolve("dist/lib").resolve(process));
      Files.writeString(jars.resolve("one.jar"), "");
    }
    Project project =
        new Project("shop", home, Settings.DEFAULTS, new TreeMap<>(), new TreeMap<>());
    islands = new Islands(new Installation(home), project, DataDirectory.of(home));
  }

  @Test
  void processesThatAreToldToWriteTheirClassesRecordThem() {
    assertThat(islands.broker(ENDPOINTS, 1).command().get()).contains(RECORDS);
    assertThat(islands.stream(ENDPOINTS).command().get()).contains(RECORDS);
    assertThat(islands.server(ENDPOINTS).command().get()).contains(RECORDS);
  }

  @Test
  void processesEndWhenTheirMemoryIsFullAndSayWhatToRaise() {
    for (Island process :
        List.of(
            islands.broker(ENDPOINTS, 1), islands.stream(ENDPOINTS), islands.server(ENDPOINTS))) {
      assertThat(process.command().get()).contains("-XX:+ExitOnOutOfMemoryError");
      assertThat(process.moreMemory()).isNotEmpty();
    }
    assertThat(islands.stream(ENDPOINTS).command().get()).contains("-Xmx" + (1L << 30));
    assertThat(islands.stream(ENDPOINTS).moreMemory())
        .isEqualTo(
            "it holds the id of each event for its repeat_window; raise stream_memory (now 1GB) in millrace.yaml, or shorten repeat_window");
  }

  @Test
  void whatEndsByItselfRecordsNothing() {
    assertThat(islands.broker(ENDPOINTS, 1).first().orElseThrow().command())
        .doesNotContain(RECORDS);
    assertThat(islands.work("load", "io.millrace.stream.LoadMain", List.of()))
        .doesNotContain(RECORDS);
  }
}
