package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Broker;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a replay with kill -9 at random points, and runs it again, over and over. */
class ReplayKillTest {

  private static final int KILLS = 8;
  private static final int MORE_EACH_TIME = 4_000;
  private static final int MOST_LINES = 5;
  private static final int LONGEST_WAIT_MS = 60;

  @TempDir Path folder;

  @Test
  void eachEventIsSentOnceHoweverOftenTheSenderIsKilled() throws Exception {
    Random random = new Random(4);
    int killed = 0;
    try (Broker broker = Broker.start(folder.resolve("broker"))) {
      ReplayedTopic topic = ReplayedTopic.make(folder, broker);
      for (int kill = 1; kill <= KILLS; kill++) {
        Process sender = sender(kill * MORE_EACH_TIME, broker);
        // A line when it has started, and one after each transaction: speeds of machines differ.
        BufferedReader lines = sender.inputReader(UTF_8);
        for (int line = random.nextInt(MOST_LINES); line >= 0; line--) {
          lines.readLine();
        }
        if (!sender.waitFor(random.nextInt(LONGEST_WAIT_MS), TimeUnit.MILLISECONDS)) {
          sender.destroyForcibly().waitFor();
          killed++;
        }
      }
      topic.replays().settle();
      int sentByTheKilled = topic.origins().size();
      assertThat(sender(KILLS * MORE_EACH_TIME, broker).waitFor()).isZero();

      List<String> all =
          IntStream.range(0, KILLS * MORE_EACH_TIME)
              .mapToObj(number -> "clicks.rejected/0/" + number)
              .toList();
      assertThat(topic.origins()).containsExactlyInAnyOrderElementsOf(all);
      assertThat(killed).isGreaterThan(KILLS / 2);
      assertThat(sentByTheKilled).isBetween(1, all.size() - 1);
    }
  }

  private Process sender(int events, Broker broker) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ReplayProcess.class.getName(),
            folder.toString(),
            broker.bootstrapServers(),
            Integer.toString(events))
        .redirectError(folder.resolve("sender.log").toFile())
        .start();
  }
}
