package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incident;
import io.millrace.core.Incidents;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are kept running. */
class KeeperTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<ProcessState> shown = new CopyOnWriteArrayList<>();
  private DataDirectory data;

  @BeforeEach
  void makeRoom() {
    data = DataDirectory.of(folder);
  }

  /** Runs in a process of its own: takes more memory than it has, or waits for its end. */
  public static void main(String[] args) throws IOException {
    List<byte[]> taken = new ArrayList<>();
    while (args[0].equals("greedy")) {
      taken.add(new byte[1 << 20]);
      System.out.println(taken.size() + " MB");
    }
    while (System.in.read() >= 0) {
      // It ends with its standard input.
    }
  }

  private Keeper keep(String how) {
    return keep(how, 0);
  }

  private Keeper keep(String how, long roomBytes) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx16m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            KeeperTest.class.getName(),
            how);
    Island island =
        new Island(
            "stream",
            () -> command,
            new ClassArchive(folder),
            1,
            "raise its heap",
            roomBytes,
            Optional.empty());
    Keeper keeper = new Keeper(island, data, CLOCK, shown::add, said::add);
    keeper.start();
    return keeper;
  }

  private static void end(Keeper keeper) throws InterruptedException {
    keeper.stop();
    keeper.end(Instant.now().plus(PATIENCE));
  }

  @Test
  void aProcessThatRunsOutOfMemoryIsAnIncidentUntilItIsStartedWithMore() throws Exception {
    try (Incidents incidents = Incidents.open(data.metadata(), CLOCK)) {
      Keeper keeper = keep("greedy");
      await("twice").atMost(PATIENCE).until(() -> said.size() >= 2);
      end(keeper);

      assertThat(said.get(0))
          .isEqualTo(
              "The stream ran out of memory: raise its heap; it starts again in 0.5 s (see %s)."
                  .formatted(data.log("stream")));
      assertThat(incidents.goingOn())
          .singleElement()
          .satisfies(
              it -> {
                assertThat(it.kind()).isEqualTo(Incident.Kind.MEMORY);
                assertThat(it.asset()).isEqualTo("stream");
                assertThat(it.cause()).isEqualTo("ran out of memory: raise its heap");
                assertThat(it.done())
                    .isEqualTo("it is started again each time, and goes on where it was");
              });

      Keeper next = keep("content");
      await("its end").atMost(PATIENCE).until(() -> incidents.goingOn().isEmpty());
      end(next);
    }
  }

  @Test
  void aProcessThatNeedsRoomToRecoverIsNotStartedWithoutIt() throws Exception {
    Keeper waiting = keep("content", Long.MAX_VALUE);
    await("the sentence").atMost(PATIENCE).until(() -> !said.isEmpty());
    end(waiting);

    assertThat(said)
        .singleElement()
        .asString()
        .startsWith(
            "The stream starts when there is room: to recover what it has it needs %d MB, and "
                .formatted(Long.MAX_VALUE >> 20))
        .endsWith(" MB of '%s' are free.".formatted(data.root()));
    assertThat(shown).isEmpty();

    Keeper started = keep("content", 1);
    await("a process").atMost(PATIENCE).until(() -> !shown.isEmpty());
    end(started);
    assertThat(shown.get(0).state()).isEqualTo(State.STARTING);
  }
}
