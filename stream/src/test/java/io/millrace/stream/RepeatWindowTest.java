package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.stream.WindowSegments.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatWindowTest {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final long MINUTE = 60_000;
  private static final TopicPartition CLICKS_0 = new TopicPartition("clicks", 0);
  private static final TopicPartition CLICKS_1 = new TopicPartition("clicks", 1);

  private final RepeatWindow window = new RepeatWindow(WINDOW);

  @Test
  void anIdIsARepeatWithinTheWindow() {
    assertThat(window.isFirst(1, 2, 0)).isTrue();
    assertThat(window.isFirst(1, 2, 0)).isFalse();
    assertThat(window.isFirst(1, 2, 10 * MINUTE)).isFalse();
  }

  @Test
  void anIdIsForgottenAQuarterAfterTheWindow() {
    window.isFirst(1, 2, 0);

    assertThat(window.isFirst(1, 2, 12 * MINUTE + MINUTE / 2)).isTrue();
  }

  @Test
  void aRepeatDoesNotRenewTheWindow() {
    window.isFirst(1, 2, 0);
    window.isFirst(1, 2, 9 * MINUTE);

    assertThat(window.isFirst(1, 2, 13 * MINUTE)).isTrue();
  }

  @Test
  void halvesOfAnIdAreNotAnId() {
    window.isFirst(1, 2, 0);

    assertThat(window.isFirst(2, 1, 0)).isTrue();
    assertThat(window.isFirst(1, 1, 0)).isTrue();
    assertThat(window.isFirst(0, 0, 0)).isTrue();
    assertThat(window.isFirst(0, 0, 0)).isFalse();
  }

  @Test
  void aClockThatRunsBackwardsForgetsNothing() {
    window.isFirst(1, 2, 60 * MINUTE);

    assertThat(window.isFirst(3, 4, 0)).isTrue();
    assertThat(window.isFirst(1, 2, 0)).isFalse();
    assertThat(window.isFirst(3, 4, 60 * MINUTE)).isFalse();
  }

  @Test
  void agreesWithASetOfObjects() {
    Random random = new Random(7);
    Set<List<Long>> seen = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      long high = random.nextInt(300);
      long low = random.nextInt(300);
      assertThat(window.isFirst(high, low, 0)).isEqualTo(seen.add(List.of(high, low)));
    }
  }

  private static WindowSegments segments(Path directory) {
    return new WindowSegments(directory.toUri().toString(), Kind.IDS);
  }

  @Test
  void aRestartRemembersWhatEachCheckpointAdded(@TempDir Path directory) throws Exception {
    WindowSegments segments = segments(directory);
    RepeatWindow other = new RepeatWindow(WINDOW);
    Map<TopicPartition, RepeatWindow> windows = Map.of(CLICKS_0, window, CLICKS_1, other);
    window.isFirst(1, 1, 0);
    other.isFirst(9, 9, 0);
    segments.checkpoint(1, windows);
    window.isFirst(2, 2, MINUTE);
    List<String> state = segments.checkpoint(2, windows);
    window.isFirst(3, 3, MINUTE);

    WindowSegments resumed = segments(directory);
    resumed.restore(state, 0, 1);
    RepeatWindow restored = new RepeatWindow(WINDOW);
    resumed.fill(CLICKS_0, restored);

    assertThat(restored.isFirst(1, 1, MINUTE)).isFalse();
    assertThat(restored.isFirst(2, 2, MINUTE)).isFalse();
    assertThat(restored.isFirst(3, 3, MINUTE)).isTrue();
    assertThat(restored.isFirst(9, 9, MINUTE)).isTrue();
  }

  @Test
  void eachSegmentIsAnsweredForByTheSubtaskThatWroteIt(@TempDir Path directory) throws Exception {
    List<String> written = new ArrayList<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      WindowSegments segments = segments(directory);
      segments.restore(List.of(), subtask, 3);
      window.isFirst(subtask, 0, 0);
      written.addAll(segments.checkpoint(1, Map.of(CLICKS_0, window)));
    }

    for (int subtask = 0; subtask < 3; subtask++) {
      assertThat(answeredFor(directory, written, subtask, 3)).containsExactly(written.get(subtask));
    }
    assertThat(answeredFor(directory, written, 0, 2))
        .containsExactly(written.get(0), written.get(2));
    assertThat(answeredFor(directory, written, 1, 2)).containsExactly(written.get(1));
  }

  private static List<String> answeredFor(
      Path directory, List<String> written, int subtask, int subtasks) throws Exception {
    WindowSegments resumed = segments(directory);
    resumed.restore(written, subtask, subtasks);
    return resumed.checkpoint(2, Map.of());
  }

  @Test
  void whatACrashCutShortIsSweptAway(@TempDir Path directory) throws Exception {
    WindowSegments segments = segments(directory);
    window.isFirst(1, 1, 0);
    List<String> complete = segments.checkpoint(1, Map.of(CLICKS_0, window));
    window.isFirst(2, 2, 0);
    List<String> cutShort = segments.checkpoint(2, Map.of(CLICKS_0, window));

    WindowSegments resumed = segments(directory);
    resumed.restore(complete, 0, 1);
    resumed.deleteUnlisted();

    assertThat(Path.of(URI.create(complete.get(0)))).exists();
    assertThat(cutShort)
        .filteredOn(path -> !complete.contains(path))
        .singleElement()
        .satisfies(path -> assertThat(Path.of(URI.create(path))).doesNotExist());
  }

  @Test
  void aForgottenSegmentIsDeletedAfterTheNextCheckpoint(@TempDir Path directory) throws Exception {
    WindowSegments segments = segments(directory);
    Map<TopicPartition, RepeatWindow> windows = Map.of(CLICKS_0, window);
    window.isFirst(1, 1, 0);
    String first = segments.checkpoint(1, windows).get(0);
    window.isFirst(2, 2, 60 * MINUTE);
    List<String> second = segments.checkpoint(2, windows);
    segments.checkpointComplete(2);
    assertThat(second).hasSize(1).doesNotContain(first);
    assertThat(Path.of(URI.create(first))).exists();

    segments.checkpoint(3, windows);
    segments.checkpointComplete(3);

    assertThat(Path.of(URI.create(first))).doesNotExist();
    assertThat(Path.of(URI.create(second.get(0)))).exists();
  }
}
