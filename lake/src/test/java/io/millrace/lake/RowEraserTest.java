package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataTables;
import io.millrace.core.Row;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowEraserTest {

  private static final TopicPartition TOPIC = new TopicPartition("clicks", 0);

  @TempDir Path folder;
  private ClickLake clicks;
  private Erasures book;
  private RowEraser eraser;

  @BeforeEach
  void open() {
    clicks = new ClickLake(folder);
    book = Erasures.open(new DataDirectory(folder).metadata(), () -> NOON);
    eraser = new RowEraser(clicks.lake, book);
  }

  @AfterEach
  void close() {
    book.close();
    clicks.close();
  }

  static Predicate<Row> user(List<Field> columns, String id) {
    int position = columns.stream().map(Field::name).toList().indexOf("user_id");
    return row ->
        id.equals(
            new String(
                row.bytesAt(position), row.offsetAt(position), row.lengthAt(position), UTF_8));
  }

  private long erase(long erasure, String id) {
    return eraser.erase(erasure, CLICKS, "clicks", columns -> user(columns, id));
  }

  private Erasure begin() {
    return book.begin(Set.of("0".repeat(32)), Map.of(TOPIC, 9L));
  }

  @Test
  void takesRowsOutAndLeavesTheOthers() {
    clicks.appendTimes(9, NOON);
    clicks.tidy(NOON.plus(Duration.ofDays(2)));
    List<String> others = clicks.rows().stream().filter(row -> !row.contains("u1")).toList();

    assertThat(erase(begin().id(), "u1")).isEqualTo(3);

    assertThat(clicks.rows()).hasSize(6).isEqualTo(others);
    assertThat(book.erased(CLICKS))
        .extracting(Erasures.ErasedRow::offset)
        .containsExactly(1L, 4L, 7L);
    assertThat(book.rows(CLICKS)).isEqualTo(3);
  }

  @Test
  void theStreamGoesOnFromWhereItStood() {
    clicks.appendTimes(3, NOON);
    erase(begin().id(), "u1");

    clicks.appendTimes(3, NOON);

    assertThat(clicks.rows()).hasSize(5);
    assertThat(clicks.table().currentSnapshot().summary()).containsEntry(Commits.SEQUENCE, "6");
  }

  @Test
  void asksATableWithoutSuchRowsForNothing() {
    clicks.appendTimes(3, NOON);
    long before = clicks.table().currentSnapshot().snapshotId();
    Erasure erasure = begin();

    assertThat(erase(erasure.id(), "nobody")).isZero();

    assertThat(clicks.table().currentSnapshot().snapshotId()).isEqualTo(before);
    assertThat(book.snapshot(erasure.id(), CLICKS)).isEmpty();
  }

  @Test
  void killedAfterTheCommitItFindsThatItIsDone() {
    clicks.appendTimes(6, NOON);
    Erasure erasure = begin();
    erase(erasure.id(), "u1");
    Optional<Long> snapshot = book.snapshot(erasure.id(), CLICKS);
    forgetThatItIsDone();
    clicks.append(NOON);
    clicks.tidy(NOON.plus(Duration.ofDays(2)));

    assertThat(erase(erasure.id(), "u1")).isEqualTo(2);

    assertThat(book.snapshot(erasure.id(), CLICKS)).isEqualTo(snapshot);
    assertThat(book.erased(CLICKS)).hasSize(2);
  }

  @Test
  void killedAfterTheCommitAndFoundWhenItsSnapshotIsGone() {
    clicks.appendTimes(6, NOON);
    Erasure erasure = begin();
    erase(erasure.id(), "u1");
    forgetThatItIsDone();
    clicks.append(NOON);
    eraser.forgetHistory(CLICKS);

    assertThat(erase(erasure.id(), "u1")).isEqualTo(2);
  }

  private void forgetThatItIsDone() {
    try (MetadataTables tables =
        MetadataTables.open(
            new DataDirectory(folder).metadata(), "a test", Erasures.class, "erasures.sql")) {
      tables.write("DELETE FROM erased_parts");
    }
  }

  @Test
  void thenNoFileHasThem() throws IOException {
    clicks.appendTimes(9, NOON);
    clicks.tidy(NOON.plus(Duration.ofHours(2)));
    Erasure erasure = begin();
    erase(erasure.id(), "u1");
    assertThat(filesWithRows()).isGreaterThan(clicks.files().size());

    eraser.forget(erasure.id(), CLICKS);
    eraser.forget(erasure.id(), CLICKS);

    assertThat(clicks.table().snapshots()).extracting(Snapshot::snapshotId).hasSize(1);
    assertThat(filesWithRows()).isEqualTo(clicks.files().size());
    assertThat(clicks.rows()).noneMatch(row -> row.contains("u1"));
  }

  private long filesWithRows() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
      return files.filter(it -> it.toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void aPersonCanBeErasedAgain() {
    clicks.appendTimes(3, NOON);
    erase(begin().id(), "u1");
    clicks.appendTimes(3, NOON);
    Erasure again = begin();

    assertThat(erase(again.id(), "u1")).isEqualTo(1);

    assertThat(book.rows(CLICKS)).isEqualTo(2);
    assertThat(book.all()).extracting(Erasure::id).containsExactly(1L, 2L);
    assertThat(book.all().get(1)).isEqualTo(again);
    assertThat(again.isBefore(TOPIC, 9)).isTrue();
    assertThat(again.isBefore(TOPIC, 8)).isFalse();
  }

  @Test
  void isNoticedBySubtasks() {
    long erasure = begin().id();
    book.notice(0, erasure);
    assertThat(book.isNoticed(erasure, 2)).isFalse();

    book.notice(1, erasure + 1);

    assertThat(book.isNoticed(erasure, 2)).isTrue();
    assertThat(book.newest()).isEqualTo(erasure);
  }
}
