package io.millrace.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.event.LiveRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest extends LiveStoreContract {

  private static final int SEED = 20_260_301;
  private static final int ROWS = 60_000;
  private static final int BATCH = 50;
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Override
  LiveStore open() {
    return RocksStore.open(folder.resolve("rows"));
  }

  @Test
  void noOtherMayOpenTheSameFolder() {
    assertThatThrownBy(this::open)
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith(
            "Cannot open the live values in %s: ".formatted(folder.resolve("rows")));
  }

  @Test
  void aKeyThatIsNoUnicodeIsRefused() {
    try (LiveStore store = RocksStore.open(folder.resolve("other"))) {
      assertThatThrownBy(() -> store.find("\uD800"))
          .hasMessage("Cannot look for a key that is no Unicode");
    }
  }

  /** Kills a process that applies batches, again and again, and compares with a map. */
  @Test
  void aProcessThatIsKilledWhileItAppliesLeavesRowsAndPositionAsOne() throws Exception {
    Path killed = folder.resolve("killed");
    RandomRows all = new RandomRows(SEED, ROWS, ROWS / 40);
    Random random = new Random();
    int reached = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      killAfter(killed, 20 + random.nextInt(150));
      try (LiveStore store = RocksStore.open(killed)) {
        int next = next(store);
        assertThat(next).isGreaterThan(reached);
        assertThat(rows(store)).as("kill %d at %d", kill, next).isEqualTo(expected(all, next));
        reached = next;
      }
    }
  }

  private static Map<String, LiveRow> expected(RandomRows all, int upTo) {
    Map<String, LiveRow> newest = new HashMap<>();
    RandomRows.newest(all.rows(0, upTo), newest);
    return RandomRows.there(newest);
  }

  private static void killAfter(Path store, int batches) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Applying.class.getName(),
                store.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int batch = 0; batch < batches; batch++) {
        assertThat(said.readLine()).isNotNull();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Applies batches to the store in a folder, from its position on, and says so after each. */
  static final class Applying {

    private Applying() {}

    public static void main(String[] args) {
      RandomRows all = new RandomRows(SEED, ROWS, ROWS / 40);
      try (LiveStore store = RocksStore.open(Path.of(args[0]))) {
        for (int next = next(store); next < ROWS; next += BATCH) {
          store.apply(all.rows(next, next + BATCH), at(next + BATCH));
          System.out.println(next + BATCH);
        }
      }
    }
  }
}
