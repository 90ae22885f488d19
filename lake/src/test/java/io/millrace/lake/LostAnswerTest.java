package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.ITEM;
import static io.millrace.lake.Contracts.QUANTITY;
import static io.millrace.lake.Contracts.TAGS;
import static io.millrace.lake.Contracts.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits to tables whose answer is lost, whether or not they had been made. */
class LostAnswerTest {

  /** What becomes of the next commit to a table. */
  private enum Next {
    ANSWERED,
    MADE_AND_NOT_ANSWERED,
    NEITHER
  }

  @TempDir Path folder;
  private Next next = Next.ANSWERED;
  private DataDirectory data;
  private Lake lake;

  @BeforeEach
  void open() {
    data = new DataDirectory(folder);
    lake = Lake.open(data, Forgetful::new);
    lake.prepare(Contracts.clicks(EVENT_ID, EVENT_TIME, USER, QUANTITY, ITEM, TAGS));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void aCommitThatWasMadeIsFoundAndNotMadeAgain() {
    assertOneCommitAfter(Next.MADE_AND_NOT_ANSWERED);
  }

  @Test
  void aCommitThatWasNotMadeIsMade() {
    assertOneCommitAfter(Next.NEITHER);
  }

  @Test
  void anErasureThatWasMadeLeavesTheFilesOfTheOtherRows() {
    Table table = lake.load(CLICKS);
    commit(
        List.of(
            ClickLake.write(
                table, ClickLake.click(table, NOON, 0), ClickLake.click(table, NOON, 1))));
    try (Erasures book = Erasures.open(data.metadata(), () -> NOON)) {
      RowEraser eraser = new RowEraser(lake, book);
      long erasure =
          book.begin(Set.of("0".repeat(32)), Map.of(new TopicPartition("clicks", 0), 9L)).id();
      next = Next.MADE_AND_NOT_ANSWERED;
      assertThatThrownBy(() -> eraseU1(eraser, erasure))
          .isInstanceOf(CommitStateUnknownException.class);

      assertThat(eraseU1(eraser, erasure)).isEqualTo(1);
      assertThat(DataFiles.of(lake.load(CLICKS).newScan()))
          .singleElement()
          .satisfies(file -> assertThat(Path.of(file.location())).exists());
    }
  }

  private static long eraseU1(RowEraser eraser, long erasure) {
    return eraser.erase(erasure, CLICKS, "clicks", columns -> RowEraserTest.user(columns, "u1"));
  }

  private void assertOneCommitAfter(Next first) {
    Table table = lake.load(CLICKS);
    List<DataFile> files = List.of(ClickLake.write(table, ClickLake.click(table, NOON, 0)));
    next = first;
    assertThatThrownBy(() -> commit(files)).isInstanceOf(CommitStateUnknownException.class);
    assertThat(entries()).isEmpty();

    // As the stream job does when it has failed: everything is opened anew.
    LedgerEntry entry = commit(files).orElseThrow();
    assertThat(commit(files)).isEmpty();

    Table now = lake.load(CLICKS);
    assertThat(now.snapshots()).hasSize(1);
    assertThat(now.currentSnapshot().summary()).containsEntry("total-records", "1");
    assertThat(entry.parts().get(0).snapshot()).isEqualTo(now.currentSnapshot().snapshotId());
    assertThat(entries()).containsExactly(entry);
  }

  private Optional<LedgerEntry> commit(List<DataFile> files) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      // Not closed: that would close the lake.
      return new Commits(lake, ledger, () -> NOON)
          .commit(
              "clicks",
              1,
              List.of(new Range("clicks", 0, 0, 1, 1, 0, 0, 0, 0)),
              List.of(new NewRows(CLICKS, files, 1, 0)));
    }
  }

  private List<LedgerEntry> entries() {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      return ledger.after("clicks", 0);
    }
  }

  /** A catalog whose tables lose an answer when they are told to. */
  private final class Forgetful extends JdbcCatalog {

    Forgetful(LakeFiles files) {
      super(properties -> files, null, true);
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier table) {
      TableOperations operations = super.newTableOps(table);
      return new TableOperations() {
        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
          Next now = next;
          next = Next.ANSWERED;
          if (now != Next.NEITHER) {
            operations.commit(base, metadata);
          }
          if (now != Next.ANSWERED) {
            throw new CommitStateUnknownException(new IllegalStateException("the line is cut"));
          }
        }

        @Override
        public TableMetadata current() {
          return operations.current();
        }

        @Override
        public TableMetadata refresh() {
          return operations.refresh();
        }

        @Override
        public FileIO io() {
          return operations.io();
        }

        @Override
        public EncryptionManager encryption() {
          return operations.encryption();
        }

        @Override
        public String metadataFileLocation(String fileName) {
          return operations.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
          return operations.locationProvider();
        }
      };
    }
  }
}
