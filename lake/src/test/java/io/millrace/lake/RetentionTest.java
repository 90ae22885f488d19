package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final int MORE_THAN_KEPT = Retention.SNAPSHOTS_KEPT + 12;

  private static final Duration DAYS = Duration.ofDays(7);

  @TempDir Path folder;
  private ClickLake clicks;

  @BeforeEach
  void open() {
    clicks = new ClickLake(folder);
  }

  @AfterEach
  void close() {
    clicks.close();
  }

  @Test
  void theLastSnapshotOfAnHourGetsATagWhenTheHourIsOver() {
    clicks.appendTimes(2, NOON);
    Snapshot last = clicks.table().currentSnapshot();
    Instant committed = Instant.ofEpochMilli(last.timestampMillis());

    assertThat(retention(committed, DAYS).untaggedHours()).doesNotContainKey(hour(committed));
    UpkeepPlan plan = clicks.tidy(committed.plus(Duration.ofHours(1)));

    assertThat(plan.describe())
        .startsWith("bronze.clicks: tag ")
        .contains(hour(committed))
        .endsWith(" (the last state of each hour is kept)\n");
    assertThat(clicks.table().refs().get(hour(committed)).snapshotId())
        .isEqualTo(last.snapshotId());
    assertThat(clicks.tidy(committed.plus(Duration.ofHours(1))).steps()).isEmpty();
  }

  @Test
  void theLastStateOfAnHourMayBeARewrite() {
    clicks.appendTimes(9, NOON);
    clicks.tidy(Instant.now());
    Snapshot rewrite = clicks.table().currentSnapshot();

    assertThat(retention(Instant.now().plus(Duration.ofHours(1)), DAYS).untaggedHours())
        .containsValue(rewrite.snapshotId());
  }

  @Test
  void aTaggedHourOutlivesItsHistoryAndGoesWhenItIsOld() {
    clicks.appendTimes(MORE_THAN_KEPT, NOON);
    Table table = clicks.table();
    List<Long> history = SnapshotUtil.currentAncestorIds(table);
    long early = history.get(history.size() - 2);
    table.manageSnapshots().createTag("hour_2026-03-01T12", early).commit();
    Instant later = Instant.now().plus(Duration.ofHours(2));

    assertThat(retention(later, Duration.ofDays(3650)).expired(Set.of()))
        .hasSize(11)
        .doesNotContain(early);
    assertThat(clicks.tidy(later).describe())
        .contains("bronze.clicks: untag hour_2026-03-01T12 (hours are kept for 168 h)\n");
    assertThat(ids()).contains(early);
    assertThat(retention(later, DAYS).expired(Set.of())).contains(early);
  }

  @Test
  void aSnapshotThatAReleaseNamesStays() {
    clicks.appendTimes(MORE_THAN_KEPT, NOON);
    List<Long> history = SnapshotUtil.currentAncestorIds(clicks.table());
    long first = history.get(history.size() - 1);
    Instant later = Instant.now().plus(Duration.ofHours(2));
    Upkeep upkeep =
        new Upkeep(
            clicks.lake,
            new PlainRewriter(),
            table -> table.equals(CLICKS) ? Set.of(first) : Set.of(),
            ClickLake.limits(),
            () -> later,
            pause -> {});

    assertThat(upkeep.run().describe()).contains("bronze.clicks: expire 11 snapshots");

    assertThat(ids()).contains(first).doesNotContain(history.get(history.size() - 2));
    assertThat(clicks.table().snapshot(first).allManifests(clicks.table().io())).isNotEmpty();
  }

  @Test
  void aSnapshotThatAReleaseNamesAfterThePlanWasMadeStays() {
    clicks.appendTimes(MORE_THAN_KEPT, NOON);
    List<Long> history = SnapshotUtil.currentAncestorIds(clicks.table());
    long first = history.get(history.size() - 1);
    Instant later = Instant.now().plus(Duration.ofHours(2));
    int[] asked = {0};
    Upkeep upkeep =
        new Upkeep(
            clicks.lake,
            new PlainRewriter(),
            table -> table.equals(CLICKS) && ++asked[0] > 1 ? Set.of(first) : Set.of(),
            ClickLake.limits(),
            () -> later,
            pause -> {});

    assertThat(upkeep.run().describe()).contains("bronze.clicks: expire 12 snapshots");

    assertThat(ids()).contains(first);
  }

  @Test
  void whatCameSinceABuildBeganStaysWhileTheBuildIsUnderWay() {
    clicks.appendTimes(2, NOON);
    Table table = clicks.table();
    long began = table.currentSnapshot().snapshotId();
    table.manageSnapshots().createBranch("build_1").commit();
    clicks.appendTimes(MORE_THAN_KEPT, NOON);
    Instant later = Instant.now().plus(Duration.ofDays(8));

    assertThat(retention(later, Duration.ZERO).expired(Set.of())).hasSize(1).doesNotContain(began);

    table.refresh();
    table.manageSnapshots().renameBranch("build_1", "failed_1").commit();
    assertThat(retention(later, Duration.ZERO).expired(Set.of()))
        .as("a failed build keeps its own snapshot, until it is dropped")
        .hasSize(13)
        .doesNotContain(began);
    assertThat(clicks.tidy(later).describe())
        .contains("bronze.clicks: drop failed_1 (builds that failed are kept for 7 days)\n");
    assertThat(clicks.table().refs()).doesNotContainKey("failed_1");
  }

  private List<Long> ids() {
    return StreamSupport.stream(clicks.table().snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .toList();
  }

  private Retention retention(Instant now, Duration hourly) {
    UpkeepLimits limits = new UpkeepLimits(Duration.ofHours(1), hourly, 100, 1L << 30);
    return new Retention(CLICKS, clicks.table(), limits, now);
  }

  private static String hour(Instant instant) {
    return DateTimeFormatter.ofPattern("'hour_'uuuu-MM-dd'T'HH")
        .format(instant.atOffset(ZoneOffset.UTC));
  }
}
