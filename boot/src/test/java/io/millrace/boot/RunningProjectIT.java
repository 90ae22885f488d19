package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One project that runs, asked and disturbed as users and bad luck do. */
class RunningProjectIT {

  @TempDir static Path directory;
  private static DataDirectory data;
  private static Path project;
  private static Command up;

  @BeforeAll
  static void start() throws IOException {
    project = SmallShop.in(directory.resolve("shop"), "");
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
  }

  @AfterAll
  static void stop() {
    up.close();
  }

  @Test
  void aPostedEventIsARow() throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.sales");
    up.post("sales", SmallShop.sales(1));

    await("row")
        .atMost(Command.PATIENCE)
        .until(() -> up.number("SELECT count(*) FROM bronze.sales") == before + 1);
  }

  @Test
  void aSecondUpIsRefusedAndToldOfTheFirst() throws Exception {
    try (Command second = Command.start(data, "up", project.toString())) {
      assertThat(second.exitCode()).isEqualTo(3);
      assertThat(second.output())
          .contains(
              "Cannot start on '%s': it is in use by process %d at %s; stop that one, or name another directory with --data"
                  .formatted(data.root(), up.pid(), up.url()));
    }
  }

  @Test
  void nothingIsLostAndNothingIsTwiceHoweverProcessesDie() throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.sales");
    long sent = 0;
    for (String name : new String[] {"broker", "stream", "server"}) {
      up.post("sales", SmallShop.sales(100));
      ProcessState killed = up.kill(name);
      up.post("sales", SmallShop.sales(100));
      sent += 200;
      up.awaitBack(killed);
    }

    JsonNode balance = up.settled("sales");
    assertThat(balance.get("holds").asBoolean()).as(balance.toString()).isTrue();
    assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(before + sent);
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales")).isEqualTo(before + sent);
  }
}
