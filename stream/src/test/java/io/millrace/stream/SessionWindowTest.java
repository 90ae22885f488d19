package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.stream.WindowSegments.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionWindowTest {

  private static final Duration GAP = Duration.ofMinutes(30);
  private static final Duration MEMORY = Duration.ofMinutes(40);

  /** In milliseconds. */
  private static final long MINUTE = 60_000;

  private static final TopicPartition CLICKS_0 = new TopicPartition("clicks", 0);

  private final SessionWindow window = new SessionWindow(GAP, MEMORY);

  /** The minute in which the session began, of an event that the broker took when it happened. */
  private long startOf(long key, long minute) {
    return startOf(window, key, minute, minute);
  }

  private static long startOf(SessionWindow window, long key, long minute, long appended) {
    return window.startOf(key, 1, minute * MINUTE * 1_000, appended * MINUTE) / (MINUTE * 1_000);
  }

  @Test
  void eventsWithinTheGapShareASession() {
    assertThat(startOf(1, 0)).isEqualTo(0);
    assertThat(startOf(1, 30)).isEqualTo(0);
    assertThat(startOf(1, 60)).isEqualTo(0);
    assertThat(startOf(1, 91)).isEqualTo(91);
    assertThat(startOf(1, 91)).isEqualTo(91);
  }

  @Test
  void eachKeyHasASessionOfItsOwn() {
    assertThat(startOf(1, 0)).isEqualTo(0);
    assertThat(startOf(2, 10)).isEqualTo(10);
    assertThat(startOf(1, 20)).isEqualTo(0);
  }

  @Test
  void anOlderEventBelongsToTheSessionIfItIsWithinTheGap() {
    assertThat(startOf(window, 1, 100, 100)).isEqualTo(100);
    assertThat(startOf(window, 1, 70, 100)).isEqualTo(100);
    assertThat(startOf(window, 1, 69, 100)).isEqualTo(69);
    assertThat(startOf(window, 1, 130, 130)).isEqualTo(100);
  }

  @Test
  void anOlderEventDoesNotShortenTheSession() {
    assertThat(startOf(window, 1, 100, 100)).isEqualTo(100);
    assertThat(startOf(window, 1, 90, 101)).isEqualTo(100);
    assertThat(startOf(window, 1, 125, 125)).isEqualTo(100);
  }

  @Test
  void aKeyIsForgottenOnceItsMemoryIsOver() {
    assertThat(startOf(window, 1, 0, 0)).isEqualTo(0);
    assertThat(startOf(window, 1, 1, 40)).isEqualTo(0);
    assertThat(startOf(window, 2, 0, 0)).isEqualTo(0);
    assertThat(startOf(window, 1, 2, 91)).isEqualTo(2);
  }

  /** Sessions of random events are those that a plain map of objects makes. */
  @Test
  void agreesWithAMapOfObjects() {
    Random random = new Random(7);
    Map<Long, long[]> sessions = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      long key = random.nextInt(20_000);
      long minute = (long) i / 1_000 + random.nextInt(10);
      long[] session = sessions.get(key);
      if (session == null || minute > session[1] + 30) {
        session = new long[] {minute, minute};
        sessions.put(key, session);
      }
      session[1] = Math.max(session[1], minute);
      assertThat(startOf(window, key, minute, (long) i / 1_000)).isEqualTo(session[0]);
    }
  }

  @Test
  void aRestartRemembersSessionsInWhateverOrderSegmentsAreRead(@TempDir Path directory)
      throws Exception {
    WindowSegments segments = new WindowSegments(directory.toUri().toString(), Kind.SESSIONS);
    Map<TopicPartition, SessionWindow> windows = Map.of(CLICKS_0, window);
    List<String> state = List.of();
    for (int minute = 0; minute <= 20; minute += 5) {
      assertThat(startOf(1, minute)).isEqualTo(0);
      assertThat(startOf(2, minute == 20 ? 50 : 0)).isEqualTo(minute == 20 ? 50 : 0);
      state = segments.checkpoint(minute, windows);
    }
    assertThat(startOf(1, 25)).isEqualTo(0); // after the checkpoint

    for (int order = 0; order < 5; order++) {
      List<String> shuffled = new ArrayList<>(state);
      Collections.shuffle(shuffled, new Random(order));
      WindowSegments resumed = new WindowSegments(directory.toUri().toString(), Kind.SESSIONS);
      resumed.restore(shuffled, 0, 1);
      SessionWindow restored = new SessionWindow(GAP, MEMORY);
      resumed.fill(CLICKS_0, restored);

      assertThat(startOf(restored, 1, 50, 51)).isEqualTo(0);
      assertThat(startOf(restored, 1, 81, 81)).isEqualTo(81);
      assertThat(startOf(restored, 2, 52, 81)).isEqualTo(50);
      assertThat(startOf(restored, 3, 52, 81)).isEqualTo(52);
    }
  }
}
