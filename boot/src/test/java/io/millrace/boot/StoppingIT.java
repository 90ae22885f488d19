package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a project ends: nothing that it started stays. */
class StoppingIT {

  private static final int ENDED_BY_INTERRUPT = 130;

  @TempDir Path directory;
  private DataDirectory data;
  private Command up;
  private List<Long> children;

  @BeforeEach
  void start() throws IOException {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
    children = up.children();
    assertThat(children).hasSize(3);
  }

  @AfterEach
  void stop() {
    up.close();
  }

  @Test
  void controlCStopsEverythingInTenSeconds() throws Exception {
    Command.signal("INT", up.pid());

    await("end").atMost(Duration.ofSeconds(10)).until(() -> !isAlive(up.pid()));
    assertThat(up.exitCode()).isEqualTo(ENDED_BY_INTERRUPT);
    assertThat(children).noneMatch(StoppingIT::isAlive);
    assertThat(data.endpoints()).doesNotExist();
    assertThat(data.processes()).doesNotExist();
  }

  @Test
  void noChildOutlivesAKilledParent() throws Exception {
    Command.signal("KILL", up.pid());

    await("end of all")
        .atMost(Duration.ofSeconds(20))
        .until(() -> children.stream().noneMatch(StoppingIT::isAlive));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}
