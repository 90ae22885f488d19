package io.millrace.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import io.millrace.live.LiveStore.Applied;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What anything that keeps live rows must do, wherever it keeps them. */
abstract class LiveStoreContract {

  private LiveStore store;

  /** What was kept before, if anything was, as a process that starts finds it. */
  abstract LiveStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = open();
  }

  @Test
  void whatWasNeverWrittenIsEmpty() {
    assertThat(store.position()).isEqualTo(LivePosition.NONE);
    assertThat(store.find("a")).isEmpty();
    assertThat(store.find("")).isEmpty();
    assertThat(rows(store)).isEmpty();
  }

  @Test
  void rowsAndPositionOutliveTheProcess() {
    LivePosition position =
        new LivePosition(3, 17, new TreeMap<>(Map.of(0, 5L, 7, 9L)), new TreeMap<>(Map.of(1, 2L)));
    assertThat(store.apply(List.of(row("a", 1, "1"), row("b", 1, "2")), position))
        .isEqualTo(new Applied(2, 0));
    reopen();
    assertThat(store.position()).isEqualTo(position);
    assertThat(rows(store)).containsOnlyKeys("a", "b");
    assertThat(store.find("a")).contains(row("a", 1, "1"));
  }

  @Test
  void theSameBatchTwiceIsTheBatch() {
    List<LiveRow> batch = List.of(row("a", 1, "1"), row("b", 2, "2"), row("a", 3, "3"));
    store.apply(batch, at(3));
    Map<String, LiveRow> once = rows(store);
    store.apply(batch, at(3));
    assertThat(rows(store)).isEqualTo(once);
    assertThat(store.position()).isEqualTo(at(3));
  }

  @Test
  void anOlderVersionIsRefusedAndCounted() {
    store.apply(List.of(row("a", 5, "new")), at(1));
    assertThat(store.apply(List.of(row("a", 4, "old"), row("b", 1, "b")), at(3)))
        .isEqualTo(new Applied(1, 1));
    assertThat(store.find("a")).contains(row("a", 5, "new"));
    assertThat(store.position()).isEqualTo(at(3));
  }

  @Test
  void anOlderVersionWithinABatchIsRefusedToo() {
    assertThat(store.apply(List.of(row("a", 2, "2"), row("a", 3, "3"), row("a", 1, "1")), at(3)))
        .isEqualTo(new Applied(2, 1));
    assertThat(store.find("a")).contains(row("a", 3, "3"));
  }

  @Test
  void versionsAreComparedByTimeThenPartitionThenOffset() {
    store.apply(List.of(LiveRow.of("a", new Version(-1, 9, 9), "\"before 1970\"")), at(1));
    store.apply(List.of(LiveRow.of("a", new Version(0, 0, 5), "\"time\"")), at(2));
    store.apply(List.of(LiveRow.of("a", new Version(0, 1, 0), "\"partition\"")), at(3));
    store.apply(List.of(LiveRow.of("a", new Version(0, 1, 1), "\"offset\"")), at(4));
    store.apply(List.of(LiveRow.of("a", new Version(0, 0, 7), "\"older\"")), at(5));
    assertThat(store.find("a").orElseThrow().json()).contains("\"offset\"");
  }

  @Test
  void anEqualVersionIsTheSameRowAndTheLastThatIsSaidOfItCounts() {
    store.apply(List.of(row("a", 1, "first")), at(1));
    assertThat(store.apply(List.of(row("a", 1, "again")), at(2))).isEqualTo(new Applied(1, 0));
    assertThat(store.find("a")).contains(row("a", 1, "again"));
  }

  @Test
  void whatIsGoneStaysGoneForOlderEventsAndComesBackByANewerOne() {
    store.apply(List.of(row("a", 1, "1"), row("b", 1, "1")), at(1));
    store.apply(List.of(LiveRow.gone("a", version(5))), at(2));
    assertThat(store.find("a")).isEmpty();
    assertThat(rows(store)).containsOnlyKeys("b");
    reopen();
    assertThat(store.apply(List.of(row("a", 4, "late")), at(3))).isEqualTo(new Applied(0, 1));
    assertThat(store.find("a")).isEmpty();
    store.apply(List.of(row("a", 6, "anew")), at(4));
    assertThat(store.find("a")).contains(row("a", 6, "anew"));
  }

  @Test
  void nothingButAPositionCanBeApplied() {
    assertThat(store.apply(List.of(), at(9))).isEqualTo(new Applied(0, 0));
    reopen();
    assertThat(store.position()).isEqualTo(at(9));
    assertThat(rows(store)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\0",
        "\u0001",
        "a/b?c=%2F#",
        "ä",
        "a\u0308",
        "\uFEFF",
        "\uFFFF",
        "日本語",
        "\uD83D\uDE00",
        "\n",
        "🏳️‍🌈",
        "\u202Eabc"
      })
  void aKeyIsAnyUnicodeAndNoOtherIsTakenForIt(String key) {
    store.apply(
        List.of(row(key, 1, "this"), row(key + "1", 1, "other"), row("2" + key, 1, "x")), at(1));
    reopen();
    assertThat(store.find(key)).contains(row(key, 1, "this"));
    assertThat(rows(store)).containsOnlyKeys(key, key + "1", "2" + key);
    store.apply(List.of(LiveRow.gone(key, version(2))), at(2));
    assertThat(store.find(key)).isEmpty();
    assertThat(store.find(key + "1")).contains(row(key + "1", 1, "other"));
  }

  @Test
  void aKeyAndARowMayBeHuge() {
    String key = "k".repeat(64 << 10);
    String json = '"' + "v".repeat(20 << 20) + '"';
    store.apply(List.of(LiveRow.of(key, version(1), json)), at(1));
    reopen();
    assertThat(store.find(key).orElseThrow().json().orElseThrow().equals(json)).isTrue();
  }

  /** Cut at any point and begun again from the position, in any order within its reach. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void manyRandomBatchesComeToTheSameAsAMapHoweverOftenTheyAreCutOff(long seed) {
    Random random = new Random(seed);
    RandomRows all = new RandomRows(seed, 4_000, 60);
    Map<String, LiveRow> applied = new HashMap<>();
    while (next(store) < all.size()) {
      int from = next(store);
      int to = Math.min(all.size(), from + random.nextInt(120));
      // What a process that died had read already, it reads again.
      int again = Math.max(0, from - random.nextInt(80));
      store.apply(all.rows(again, to), at(to));
      RandomRows.newest(all.rows(from, to), applied);
      if (random.nextInt(10) == 0) {
        reopen();
      }
      if (random.nextInt(10) == 0) {
        assertThat(rows(store)).isEqualTo(RandomRows.there(applied));
      }
    }
    reopen();
    assertThat(rows(store)).isEqualTo(RandomRows.there(applied));
    applied.forEach(
        (key, row) -> assertThat(store.find(key).isPresent()).isEqualTo(row.json().isPresent()));
  }

  @Test
  void theOrderOfRowsMakesNoDifference() {
    List<LiveRow> all = new ArrayList<>(new RandomRows(11, 500, 20).rows(0, 500));
    Map<String, LiveRow> expected = new HashMap<>();
    RandomRows.newest(all, expected);
    Collections.shuffle(all, new Random(12));
    all.forEach(row -> store.apply(List.of(row), at(1)));
    assertThat(rows(store)).isEqualTo(RandomRows.there(expected));
  }

  static Map<String, LiveRow> rows(LiveStore store) {
    Map<String, LiveRow> rows = new HashMap<>();
    store.forEach(row -> assertThat(rows.put(row.key(), row)).isNull());
    return rows;
  }

  static LivePosition at(long next) {
    return LivePosition.NONE.followedTo(Map.of(0, next));
  }

  static int next(LiveStore store) {
    return Math.toIntExact(store.position().next().getOrDefault(0, 0L));
  }

  private static Version version(long number) {
    return new Version(number * 1_000, 0, number);
  }

  private static LiveRow row(String key, long number, String text) {
    return LiveRow.of(key, version(number), '"' + text + '"');
  }
}
