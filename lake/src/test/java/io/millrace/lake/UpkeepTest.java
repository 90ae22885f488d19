package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.ITEM;
import static io.millrace.lake.Contracts.TAGS;
import static io.millrace.lake.Contracts.USER;
import static io.millrace.lake.Contracts.clicks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.lake.Commits.NewRows;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {

  @TempDir Path folder;
  private ClickLake clicks;
  private Lake lake;

  @BeforeEach
  void open() {
    clicks = new ClickLake(folder);
    lake = clicks.lake;
  }

  @AfterEach
  void close() {
    clicks.close();
  }

  @Test
  void makesOneFileOfManyAndKeepsEveryRow() {
    clicks.appendTimes(9, NOON);
    clicks.appendTimes(3, NOON.plus(Duration.ofDays(1)));
    List<String> before = clicks.rows();
    Snapshot append = clicks.table().currentSnapshot();

    UpkeepPlan plan = clicks.tidy(Instant.now());

    assertThat(plan.describe())
        .matches(
            "bronze.clicks: make one file of 9 in event_time_day=2026-03-01, [0-9,]+ KB \\(more than 8 files of about one size\\)\n");
    assertThat(clicks.files()).hasSize(4);
    assertThat(clicks.rows()).isEqualTo(before);
    assertThat(clicks.table().currentSnapshot().summary())
        .containsEntry(Commits.KIND, "rewrite")
        .containsEntry(Commits.SEQUENCE, "12")
        .containsEntry(Commits.RANGES, append.summary().get(Commits.RANGES));
    assertThat(clicks.tidy(Instant.now()).describe()).isEqualTo("nothing to do\n");
  }

  @Test
  void rewritesFilesFromBeforeColumnsWereAdded() {
    clicks.appendTimes(9, NOON);
    lake.prepare(
        Contracts.clicks(
            EVENT_ID,
            EVENT_TIME,
            Field.optional("channel", Scalar.STRING),
            USER,
            Field.optional("quantity", Scalar.LONG),
            ITEM,
            TAGS));
    List<String> before = clicks.rows();

    clicks.tidy(Instant.now());

    assertThat(clicks.files()).hasSize(1);
    assertThat(clicks.rows()).isEqualTo(before);
  }

  @Test
  void aStreamThatDiedBeforeTheLedgerKnewFindsItsCommitBehindARewrite() {
    clicks.appendTimes(9, NOON);
    clicks.tidy(Instant.now());
    List<LedgerEntry> entries = clicks.ledger.after("clicks", 0);
    try (Ledger behind = Ledger.open(folder.resolve("behind.db"));
        Commits again = new Commits(Lake.open(new DataDirectory(folder)), behind, () -> NOON)) {
      entries.subList(0, 8).forEach(behind::add);
      LedgerEntry last = entries.get(8);

      Optional<LedgerEntry> entry =
          again.commit(
              "clicks",
              last.checkpoint(),
              last.ranges(),
              List.of(new NewRows(CLICKS, List.of(), 1, 0)));

      assertThat(entry).map(LedgerEntry::parts).contains(last.parts());
    }
    assertThat(clicks.rows()).hasSize(9);
  }

  @Test
  void losesNothingWhileAStreamCommits() throws Exception {
    clicks.appendTimes(9, NOON);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> stream = thread.submit(() -> clicks.appendTimes(20, NOON));
      while (!stream.isDone()) {
        clicks.tidy(Instant.now());
      }
      stream.get();
    } finally {
      thread.shutdownNow();
    }
    clicks.tidy(Instant.now());

    assertThat(clicks.rows()).hasSize(29).doesNotHaveDuplicates();
    Table table = clicks.table();
    long last = Long.MAX_VALUE;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      long sequence = Long.parseLong(snapshot.summary().get(Commits.SEQUENCE));
      assertThat(sequence).isLessThanOrEqualTo(last);
      last = sequence;
    }
    assertThat(table.currentSnapshot().summary()).containsEntry(Commits.SEQUENCE, "29");
  }

  @Test
  void expiresOldSnapshotsButNotTheLast() {
    clicks.appendTimes(Retention.SNAPSHOTS_KEPT + 12, NOON);
    List<String> before = clicks.rows();

    assertThat(clicks.upkeep(Instant.now()).plan().describe()).doesNotContain("expire");
    UpkeepPlan plan = clicks.tidy(Instant.now().plus(Duration.ofHours(2)));

    assertThat(plan.describe())
        .contains(
            "bronze.clicks: expire 12 snapshots (older than 60 min, and nothing names them)\n");
    assertThat(clicks.table().snapshots()).hasSize(Retention.SNAPSHOTS_KEPT + 1);
    assertThat(clicks.files()).as("made after history had gone").hasSize(1);
    assertThat(clicks.rows()).isEqualTo(before);
    assertThatThrownBy(() -> lake.pin(new AsOf.Time(Instant.EPOCH)))
        .hasMessageStartingWith(
            "Cannot read the lake as of 1970-01-01T00:00:00Z: snapshots before ")
        .hasMessageEndingWith(" have expired");
  }

  @Test
  void deletesOnlyFilesThatWereGivenUp() throws IOException {
    clicks.append(NOON);
    Instant now = Instant.now();
    Path data = folder.resolve("lake/bronze/clicks/data");
    Path given = old(Files.writeString(data.resolve("given-up.parquet"), "x"), now, 30);
    Path young = old(Files.writeString(data.resolve("young.parquet"), "x"), now, 1);
    clicks.files().forEach(file -> old(Path.of(file), now, 30));

    assertThat(clicks.upkeep(now).plan().describe())
        .as("the append is too new to tell")
        .isEqualTo("nothing to do\n");
    UpkeepPlan plan = clicks.tidy(now.plus(Duration.ofMinutes(11)));

    // It may be another hour by then, and the last state of this one is kept.
    assertThat(plan.describe())
        .endsWith("bronze.clicks: delete 1 files, 0 KB (no snapshot has them)\n");
    assertThat(given).doesNotExist();
    assertThat(young).exists();
    assertThat(clicks.rows()).hasSize(1);
  }

  @Test
  void keepsFilesThatAStoppedStreamHasYetToCommit() throws IOException {
    clicks.append(NOON);
    Path pending = folder.resolve("lake/bronze/clicks/data/pending.parquet");
    Files.writeString(pending, "x");

    assertThat(clicks.tidy(Instant.now().plus(Duration.ofDays(9))).describe())
        .isEqualTo("nothing to do\n");
    assertThat(pending).exists();
  }

  private static Path old(Path file, Instant now, int hours) {
    try {
      return Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofHours(hours))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
