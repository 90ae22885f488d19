package io.millrace.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.quality.Skew.Heavy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The most frequent of more texts than the process that counts them has memory for. */
class MoreThanMemoryTest {

  private static final String HEAP = "-Xmx40m";

  /** Of a hundred bytes and more each: several times the heap. */
  private static final int RARE_TEXTS = 1_500_000;

  /** Text number {@code n} of the frequent ones comes {@code n} times this often. */
  private static final int STEP = 5_000;

  private static final int FREQUENT_TEXTS = 12;
  private static final int OUT_OF_MEMORY = 3;

  /** Runs in a process of its own: prints what it finds, a text and its bounds in each line. */
  public static void main(String[] args) {
    if (args[0].equals("exact")) {
      Map<String, Long> counts = new HashMap<>();
      send(text -> counts.merge(text, 1L, Long::sum));
      return;
    }
    HeavyHitters hitters = new HeavyHitters();
    send(text -> hitters.add(Optional.of(text)));
    Skew skew = hitters.find(FREQUENT_TEXTS);
    System.out.println(skew.rows() + " " + skew.maxError());
    for (Heavy heavy : skew.heavy()) {
      System.out.println(
          heavy.value().orElseThrow() + " " + heavy.atLeast() + " " + heavy.atMost());
    }
  }

  /** Frequent texts spread among rare ones, each of which comes once. */
  private static void send(Consumer<String> to) {
    for (int rare = 0; rare < RARE_TEXTS; rare++) {
      to.accept("a-search-that-nobody-makes-twice-".repeat(3) + rare);
      for (int n = 1; n <= FREQUENT_TEXTS; n++) {
        if (rare % (RARE_TEXTS / (n * STEP)) == 0) {
          to.accept("frequent-" + n);
        }
      }
    }
  }

  private static Map<String, Long> truth() {
    Map<String, Long> truth = new HashMap<>();
    send(
        text -> {
          if (text.startsWith("frequent")) {
            truth.merge(text, 1L, Long::sum);
          }
        });
    return truth;
  }

  private static Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            HEAP,
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            MoreThanMemoryTest.class.getName(),
            how)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void theSketchNamesThemWithinTheErrorThatItStates() throws Exception {
    Process process = start("sketch");
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).isZero();

    Map<String, Long> truth = truth();
    String[] sums = lines.get(0).split(" ", 2);
    long rows = Long.parseLong(sums[0]);
    long maxError = Long.parseLong(sums[1]);
    assertThat(rows).isEqualTo(RARE_TEXTS + truth.values().stream().mapToLong(it -> it).sum());
    assertThat(maxError).isBetween(1L, rows / 4_000);
    List<String> named = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] heavy = line.split(" ", 3);
      named.add(heavy[0]);
      assertThat(truth.get(heavy[0]))
          .as(line)
          .isBetween(Long.valueOf(heavy[1]), Long.valueOf(heavy[2]));
      assertThat(Long.parseLong(heavy[2]) - Long.parseLong(heavy[1])).isLessThanOrEqualTo(maxError);
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(truth.keySet());
  }

  @Test
  void countingEachTextRunsOutOfTheSameMemory() throws Exception {
    Process process = start("exact");
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isEqualTo(OUT_OF_MEMORY);
  }
}
