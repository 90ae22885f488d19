package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasesTest {

  private static final TableName CLICKS = TableName.bronze("clicks");
  private static final TableName DAILY = new TableName("gold", "daily");
  private static final TableName USERS = new TableName("silver", "users");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;
  private Instant now = NOON;
  private Releases releases;

  @BeforeEach
  void open() {
    releases = Releases.open(folder.resolve("metadata.db"), () -> now);
  }

  @AfterEach
  void close() {
    releases.close();
  }

  @Test
  void namesTheTablesOfTheReleaseBeforeToo() {
    assertThat(releases.newest()).isEmpty();
    releases.publish(7, "first", Map.of(DAILY, 1L, USERS, 2L), Map.of(CLICKS, 3L));
    now = NOON.plusSeconds(60);

    Release release = releases.publish(8, "new clicks", Map.of(DAILY, 4L), Map.of(CLICKS, 5L));

    assertThat(release.id()).isEqualTo(2);
    assertThat(release.run()).isEqualTo(8);
    assertThat(release.why()).isEqualTo("new clicks");
    assertThat(release.at()).isEqualTo(now);
    assertThat(release.models()).containsExactly(Map.entry(DAILY, 4L), Map.entry(USERS, 2L));
    assertThat(release.inputs()).containsExactly(Map.entry(CLICKS, 5L));
    assertThat(releases.newest()).contains(release);
    assertThat(releases.recent(5)).extracting(Release::id).containsExactly(2L, 1L);
    assertThat(releases.kept(DAILY)).containsExactlyInAnyOrder(1L, 4L);
  }

  @Test
  void givesARunThatDoesItAgainTheReleaseItHasMade() {
    Release first = releases.publish(7, "first", Map.of(DAILY, 1L), Map.of(CLICKS, 3L));

    assertThat(releases.publish(7, "first", Map.of(DAILY, 1L), Map.of(CLICKS, 3L)))
        .isEqualTo(first);
    Release second = releases.publish(8, "second", Map.of(DAILY, 2L), Map.of());
    assertThat(releases.publish(7, "first", Map.of(DAILY, 1L), Map.of(CLICKS, 3L)))
        .as("what came later stays")
        .isEqualTo(first);
    assertThat(releases.newest()).contains(second);
    assertThat(releases.publish(7, "more of it", Map.of(USERS, 9L), Map.of()).id()).isEqualTo(3);
  }

  @Test
  void goesBackAndForthByHand() {
    releases.publish(7, "first", Map.of(DAILY, 1L), Map.of());
    releases.publish(8, "second", Map.of(DAILY, 2L), Map.of());
    releases.publish(Release.BY_HAND, "back", Map.of(DAILY, 1L), Map.of());
    releases.publish(Release.BY_HAND, "forth", Map.of(DAILY, 2L), Map.of());
    releases.publish(Release.BY_HAND, "back again", Map.of(DAILY, 1L), Map.of());

    assertThat(releases.publish(Release.BY_HAND, "twice", Map.of(DAILY, 1L), Map.of()).why())
        .isEqualTo("back again");
    assertThat(releases.newest().orElseThrow().models()).containsEntry(DAILY, 1L);
  }

  @Test
  void saysWhichReleasesThereAre() {
    assertThatThrownBy(() -> releases.load(1))
        .hasMessage("Cannot find release 1: there is none yet");
    for (int run = 1; run <= 7; run++) {
      releases.publish(run, "", Map.of(DAILY, (long) run), Map.of());
    }

    assertThat(releases.load(3).models()).containsEntry(DAILY, 3L);
    assertThat(releases.find(8)).isEmpty();
    assertThatThrownBy(() -> releases.load(8))
        .hasMessage("Cannot find release 8: the newest are 7, 6, 5, 4, 3");
  }

  @Test
  void findsTheReleaseOfATime() {
    releases.publish(1, "", Map.of(DAILY, 1L), Map.of());
    now = NOON.plusSeconds(60);
    releases.publish(2, "", Map.of(DAILY, 2L), Map.of());

    assertThat(releases.at(NOON.minusMillis(1))).isEmpty();
    assertThat(releases.at(NOON)).map(Release::id).contains(1L);
    assertThat(releases.at(NOON.plusSeconds(59))).map(Release::id).contains(1L);
    assertThat(releases.at(NOON.plusSeconds(3600))).map(Release::id).contains(2L);
  }

  @Test
  void forgetsAllButTheLastOfEachHourAndThenAllOfThem() {
    for (int minute = 0; minute < 60 * 12; minute += 20) {
      now = NOON.plus(Duration.ofMinutes(minute));
      releases.publish(minute + 1, "", Map.of(DAILY, (long) minute), Map.of());
    }
    now = Instant.parse("2026-03-02T00:10:00Z");

    assertThat(forget(Duration.ofHours(1), Duration.ofHours(10))).isEqualTo(19);
    assertThat(times())
        .as("the newest ten, then the last of each hour, then what was current at 14:10")
        .startsWith("23:40", "23:20", "23:00", "22:40", "22:20", "22:00", "21:40", "21:20")
        .endsWith("21:00", "20:40", "19:40", "18:40", "17:40", "16:40", "15:40", "14:40", "14:00")
        .hasSize(17);
    assertThat(releases.kept(DAILY)).hasSize(17).contains(120L, 160L).doesNotContain(0L, 140L);
    assertThat(forget(Duration.ofHours(1), Duration.ofHours(10))).isZero();
    assertThatThrownBy(() -> releases.at(NOON))
        .hasMessage(
            "Cannot read the lake as of 2026-03-01T12:00:00Z: releases before"
                + " 2026-03-01T14:00:00Z have been forgotten");
  }

  @Test
  void forgetsNoneOfTheYoungOnes() {
    for (int minute = 0; minute < 20; minute++) {
      now = NOON.plus(Duration.ofMinutes(minute));
      releases.publish(minute + 1, "", Map.of(), Map.of());
    }

    assertThat(forget(Duration.ofMinutes(15), Duration.ofHours(1))).isEqualTo(4);
    assertThat(times()).hasSize(16).endsWith("12:05", "12:04");
  }

  private int forget(Duration all, Duration hourly) {
    return releases.forget(new UpkeepLimits(all, hourly, 100, 0));
  }

  private List<String> times() {
    return releases.recent(100).stream().map(it -> it.at().toString().substring(11, 16)).toList();
  }

  @Test
  void losesNoTableWhenTwoPublishAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Releases others = Releases.open(folder.resolve("metadata.db"), () -> now)) {
      Future<?> other =
          threads.submit(
              () -> {
                for (long i = 1; i <= 50; i++) {
                  others.publish(100 + i, "", Map.of(USERS, i), Map.of());
                }
              });
      for (long i = 1; i <= 50; i++) {
        releases.publish(i, "", Map.of(DAILY, i), Map.of());
      }
      other.get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(releases.recent(200)).hasSize(100);
    assertThat(releases.newest().orElseThrow().models())
        .containsExactly(Map.entry(DAILY, 50L), Map.entry(USERS, 50L));
  }
}
