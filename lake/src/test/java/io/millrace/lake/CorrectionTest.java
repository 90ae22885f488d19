package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataDatabase;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of commits that others take the place of, once, while the stream goes on. */
class CorrectionTest {

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

  /** Stages another row for the first offset, and accounts for the offsets of two commits. */
  private Correction staged() {
    CorrectionBranch branch = clicks.lake.correct(CLICKS);
    Record record = ClickLake.click(branch.table(), NOON, 0);
    record.setField("user_id", "corrected");
    List<DataFile> old =
        branch.files().stream().filter(file -> file.dataSequenceNumber() == 1).toList();
    assertThat(old).hasSize(1);
    long tip = branch.stage(old, List.of(ClickLake.write(branch.table(), record)));
    return new Correction(
        "clicks",
        new Corrected(1, 2),
        List.of(new Range("clicks", 0, 0, 2, 2, 0, 0, 0, 0)),
        List.of(new Part(CLICKS, 2, 17, tip)));
  }

  private List<String> users() {
    return clicks.rows().stream()
        .map(row -> row.replaceAll(".*, (u\\d|corrected), .*", "$1"))
        .toList();
  }

  @Test
  void takesThePlaceOfRowsWhileTheStreamGoesOn() {
    clicks.appendTimes(3, NOON);
    Correction correction = staged();
    clicks.append(NOON);
    assertThat(users()).containsExactlyInAnyOrder("u0", "u1", "u2", "u0");

    assertThat(clicks.ledger.propose(correction)).isTrue();
    assertThat(clicks.ledger.propose(correction)).isFalse();
    clicks.append(NOON);

    assertThat(users()).containsExactlyInAnyOrder("corrected", "u1", "u2", "u0", "u1");
    List<LedgerEntry> entries = clicks.ledger.after("clicks", 4);
    assertThat(entries).extracting(LedgerEntry::sequence).containsExactly(5L, 6L);
    assertThat(entries.get(0).corrects()).contains(new Corrected(1, 2));
    assertThat(entries.get(0).ranges()).isEqualTo(correction.ranges());
    assertThat(entries.get(1).seal()).isEqualTo(entries.get(1).sealOver(entries.get(0).seal()));
    assertThat(clicks.ledger.proposed("clicks")).isEmpty();
    assertThat(clicks.table().refs()).containsOnlyKeys("main");
  }

  @Test
  void isMadeOnceAlsoIfTheLedgerDidNotHearOfIt() throws SQLException {
    clicks.appendTimes(2, NOON);
    Correction correction = staged();
    clicks.ledger.propose(correction);
    LedgerEntry first = clicks.commits.correct("clicks").orElseThrow();
    Snapshot made = clicks.table().currentSnapshot();
    forget(3);
    clicks.ledger.propose(correction);

    LedgerEntry again = anew().correct("clicks").orElseThrow();

    assertThat(again.parts()).isEqualTo(first.parts());
    assertThat(clicks.table().currentSnapshot()).isEqualTo(made);
    assertThat(users()).containsExactlyInAnyOrder("corrected", "u1");
  }

  @Test
  void waitsForACommitThatTablesHaveAndTheLedgerHasNot() throws SQLException {
    clicks.appendTimes(3, NOON);
    LedgerEntry last = clicks.ledger.last("clicks").orElseThrow();
    forget(3);
    clicks.ledger.propose(staged());
    Commits commits = anew();

    assertThat(commits.correct("clicks")).isEmpty();
    Optional<LedgerEntry> finished =
        commits.commit(
            "clicks",
            last.checkpoint(),
            last.ranges(),
            List.of(new Commits.NewRows(CLICKS, List.of(), 1, 0)));
    Optional<LedgerEntry> corrected = commits.correct("clicks");

    assertThat(finished).map(LedgerEntry::parts).contains(last.parts());
    assertThat(corrected).map(LedgerEntry::sequence).contains(4L);
    assertThat(users()).containsExactlyInAnyOrder("corrected", "u1", "u2");
  }

  @Test
  void isRefusedIfAnotherHasBegunSince() {
    clicks.appendTimes(2, NOON);
    Correction left = staged();
    clicks.lake.correct(CLICKS);
    clicks.ledger.propose(left);

    assertThat(clicks.commits.correct("clicks")).isEmpty();

    assertThat(clicks.ledger.proposed("clicks")).isEmpty();
    assertThat(users()).containsExactlyInAnyOrder("u0", "u1");
  }

  @Test
  void keepsCompactionAwayUntilItEnds() {
    clicks.appendTimes(9, NOON);
    CorrectionBranch branch = clicks.lake.correct(CLICKS);
    assertThat(clicks.tidy(Instant.now()).describe()).isEqualTo("nothing to do\n");

    branch.keep();

    assertThat(clicks.tidy(Instant.now()).describe()).contains("make one file of 9");
    assertThat(clicks.table().refs()).containsKey(CorrectionBranch.COMPARED);
  }

  private Commits anew() {
    DataDirectory data = new DataDirectory(folder);
    return new Commits(Lake.open(data), Ledger.open(data.metadata()), () -> NOON);
  }

  private void forget(long sequence) throws SQLException {
    DataDirectory data = new DataDirectory(folder);
    try (Connection connection = MetadataDatabase.open(data.metadata());
        Statement statement = connection.createStatement()) {
      for (String table :
          List.of("commits", "commit_ranges", "commit_parts", "commit_corrections")) {
        statement.executeUpdate("DELETE FROM %s WHERE sequence = %d".formatted(table, sequence));
      }
    }
  }
}
