package io.millrace.prove;

import static io.millrace.prove.PlayedStream.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.TableName;
import io.millrace.lake.Commits;
import io.millrace.lake.DataFiles;
import io.millrace.testkit.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is broken on purpose is named, and the depth says who looks deep enough to see it. */
class DamageTest {

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private PlayedStream stream;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  /** Offsets 0 to 4 are commit 1, 5 to 9 commit 2. */
  @BeforeEach
  void commitTwice() {
    stream = new PlayedStream(folder, broker.bootstrapServers());
    stream.send(0, 5);
    stream.commit();
    stream.send(5, 10);
    stream.commit();
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
  }

  @AfterEach
  void close() {
    stream.close();
  }

  @Test
  void anErasedRowThatNobodyNotedIsMissing() throws Exception {
    stream.erase(offset -> offset == 3 || offset == 7);
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
    stream.sql("DELETE FROM erased_rows WHERE topic_offset = 7");

    assertThat(stream.complaints(Depth.SEALED)).isEmpty();
    assertThat(stream.complaints(Depth.FULL))
        .contains("MISSING: bronze.pay has 4 rows of commit 2, which wrote 5 (offsets pay/0: 5-9)");

    stream.sql("UPDATE erased_parts SET rows = 1");
    assertThat(stream.complaints(Depth.SEALED))
        .contains("MISSING: bronze.pay has 8 rows where the ledger counts 10, 1 of them erased");
  }

  @Test
  void namesTheOffsetsOfADataFileThatIsGone() throws IOException {
    Files.delete(Path.of(files().get(1).location()));

    String gone = "FILE: a data file of bronze.pay with offsets pay/0: 5-9 is gone: FILE";
    assertThat(stream.complaints(Depth.SEALED)).containsExactly(gone);
    assertThat(stream.complaints(Depth.FULL))
        .contains(
            gone,
            "MISSING: bronze.pay has 0 rows of commit 2, which wrote 5 (offsets pay/0: 5-9)",
            "MISSING: 5 offsets are in no table, where the ledger counts 0 without a record: pay/0: 5-9",
            "MISSING: offsets pay/0: 5, pay/0: 6, pay/0: 7, pay/0: 8, pay/0: 9 hold a record and are in no table");
  }

  @Test
  void namesADataFileThatWasCutOff() throws IOException {
    Path file = Path.of(files().get(0).location());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, 100));

    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "FILE: a data file of bronze.pay with offsets pay/0: 0-4 has 100 bytes where %d were written: FILE"
                .formatted(bytes.length));
  }

  @Test
  void namesTheOffsetsOfADataFileThatACommitTookOut() {
    bronze().newDelete().deleteFile(files().get(1)).commit();

    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "FOREIGN_COMMIT: snapshot N of bronze.pay is not the stream's: operation 'delete' added 0 rows and deleted 5 (offsets pay/0: 5-9)",
            "MISSING: bronze.pay has 5 rows where the ledger counts 10");
    assertThat(stream.complaints(Depth.FULL))
        .contains(
            "MISSING: 5 offsets are in no table, where the ledger counts 0 without a record: pay/0: 5-9");
  }

  @Test
  void namesTheOffsetsOfRowsThatWereAdded() {
    bronze().newAppend().appendFile(stream.foreignFile(3, List.of(payment(99)))).commit();

    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "FOREIGN_COMMIT: snapshot N of bronze.pay is not the stream's: operation 'append' added 1 rows and deleted 0 (offsets pay/0: 3)",
            "EXTRA: bronze.pay has 11 rows where the ledger counts 10");
    assertThat(stream.complaints(Depth.FULL))
        .contains(
            "EXTRA: bronze.pay has 6 rows of commit 1, which wrote 5 (offsets pay/0: 0-4)",
            "EXTRA: offsets pay/0: 3 are in more than one row");
  }

  @Test
  void namesRowsThatNoRecordStandsBehind() {
    bronze().newAppend().appendFile(stream.foreignFile(1_000_000, List.of(payment(99)))).commit();

    assertThat(stream.complaints(Depth.FULL))
        .contains("EXTRA: offsets pay/0: 1000000 have rows that no commit accounts for");
  }

  @Test
  void namesAnAppendThatIsDressedAsTheStreams() {
    bronze()
        .newAppend()
        .appendFile(stream.foreignFile(3, List.of(payment(99))))
        .set(Commits.KIND, "append")
        .set(Commits.SEQUENCE, "2")
        .commit();

    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "FOREIGN_COMMIT: snapshot N of bronze.pay says it is commit 2, and the ledger knows nothing of it",
            "EXTRA: bronze.pay has 11 rows where the ledger counts 10");
  }

  @Test
  void namesTheOffsetOfARowThatWasChanged() {
    bronze().newOverwrite().deleteFile(files().get(1)).addFile(changed()).commit();

    String foreign =
        "FOREIGN_COMMIT: snapshot N of bronze.pay is not the stream's: operation 'overwrite' added 5 rows and deleted 5 (offsets pay/0: 5-9)";
    assertThat(stream.complaints(Depth.SEALED)).containsExactly(foreign);
    assertThat(stream.complaints(Depth.FULL))
        .containsExactly(
            foreign,
            "CHANGED: rows of commit 2 in bronze.pay are not those that were written: offsets pay/0: 7");
  }

  @Test
  void onlyAFullProofFindsAChangeDressedAsMaintenance() {
    bronze()
        .newRewrite()
        .deleteFile(files().get(1))
        .addFile(changed())
        .set(Commits.KIND, "rewrite")
        .set(Commits.SEQUENCE, "2")
        .commit();

    assertThat(stream.complaints(Depth.SEALED)).isEmpty();
    assertThat(stream.complaints(Depth.FULL))
        .containsExactly(
            "CHANGED: rows of commit 2 in bronze.pay are not those that were written: offsets pay/0: 7");
  }

  /** Commit 2 with another amount at offset 7. */
  private DataFile changed() {
    return stream.foreignFile(
        5,
        List.of(
            payment(5), payment(6), payment(7).replace("7.50", "7.51"), payment(8), payment(9)));
  }

  @Test
  void namesTheOffsetsOfACommitThatWasRolledBack() {
    Table table = bronze();
    table.manageSnapshots().rollbackTo(table.currentSnapshot().parentId()).commit();

    List<String> rolledBack =
        List.of(
            "ROLLED_BACK: bronze.pay no longer has commit 2: rows of offsets pay/0: 5-9 are gone with it",
            "MISSING: bronze.pay has 5 rows where the ledger counts 10");
    assertThat(stream.complaints(Depth.SEALED)).containsExactlyElementsOf(rolledBack);
    stream.send(10, 12);
    stream.commit();
    assertThat(stream.complaints(Depth.SEALED))
        .as("also when the stream has gone on")
        .containsExactly(
            rolledBack.get(0), "MISSING: bronze.pay has 7 rows where the ledger counts 12");
    assertThat(stream.complaints(Depth.FULL))
        .contains(
            "MISSING: 5 offsets are in no table, where the ledger counts 0 without a record: pay/0: 5-9");
  }

  @Test
  void namesARecordThatWasSkipped() {
    stream.send(10, 15);
    stream.commitSkipping(Set.of(12L));

    String fewer =
        "MISSING: pay/0: 15 events were acknowledged, and at most 14 are accounted for (15 offsets, 1 counted as absent)";
    assertThat(stream.complaints(Depth.SEALED)).containsExactly(fewer);
    assertThat(stream.complaints(Depth.FULL))
        .containsExactly("MISSING: offsets pay/0: 12 hold a record and are in no table", fewer);
  }

  @Test
  void onlyAFullProofFindsASkippedRecordThatNoCollectorCounted() {
    stream.sql("DROP TABLE acknowledged");
    stream.send(10, 15);
    stream.commitSkipping(Set.of(12L));
    stream.sql("DROP TABLE acknowledged");

    assertThat(stream.complaints(Depth.SEALED)).isEmpty();
    assertThat(stream.complaints(Depth.FULL))
        .containsExactly("MISSING: offsets pay/0: 12 hold a record and are in no table");
  }

  @Test
  void namesTheSealOfAnEntryThatWasAltered() {
    stream.sql("UPDATE commit_ranges SET accepted = 4, absent = 1 WHERE sequence = 2");

    assertThat(stream.complaints(Depth.SEALED)).as("it was walked before").isEmpty();
    stream.restartProver();
    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "LEDGER: the seal of commit 2 does not fit: it was altered, or commit 1 was (offsets pay/0: 5-9)",
            "LEDGER: commit 2 counts 4 events for bronze.pay and wrote 5 rows (offsets pay/0: 5-9)",
            "MISSING: pay/0: 10 events were acknowledged, and at most 9 are accounted for (10 offsets, 1 counted as absent)");
  }

  @Test
  void namesAnEntryThatWasTakenOut() {
    takeOut(1);

    String gap = "LEDGER: commit 0 is followed by commit 2 in the ledger";
    assertThat(stream.complaints(Depth.FULL))
        .contains(
            gap,
            "LEDGER: commit 2 skips offsets pay/0: 0-4",
            "EXTRA: bronze.pay has 10 rows where the ledger counts 5",
            "EXTRA: offsets pay/0: 0, pay/0: 1, pay/0: 2, pay/0: 3, pay/0: 4 have rows that no commit accounts for");
    assertThat(stream.complaints(Depth.SEALED)).contains(gap);
  }

  @Test
  void namesEntriesThatWereTakenOffTheEnd() {
    takeOut(1);
    takeOut(2);

    assertThat(stream.complaints(Depth.SEALED))
        .contains(
            "LEDGER: the ledger ends with commit 0, and an earlier proof saw commit 2",
            "LEDGER: bronze.pay holds commit 2, and the ledger ends with commit 0");
    assertThat(stream.complaints(Depth.FULL))
        .contains("LEDGER: bronze.pay holds commit 2, and the ledger ends with commit 0");
  }

  private void takeOut(int sequence) {
    for (String table : List.of("commits", "commit_ranges", "commit_parts")) {
      stream.sql("DELETE FROM %s WHERE sequence = %d".formatted(table, sequence));
    }
  }

  @Test
  void namesATopicThatLostItsEnd() {
    stream.deleteTopics();
    await().atMost(Duration.ofSeconds(60)).until(() -> !stream.hasTopics());
    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "TOPIC: pay/0 ends at 0 in Kafka, and the tables have more: offsets pay/0: 0-9",
            "TOPIC: pay/0 ends at 0 in Kafka, and events were acknowledged up to offset 9");

    stream.makeTopics();
    stream.send(0, 3);
    assertThat(stream.complaints(Depth.FULL))
        .contains("TOPIC: pay/0 ends at 3 in Kafka, and the tables have more: offsets pay/0: 3-9");
  }

  @Test
  void namesATableThatIsGone() {
    TableName bronze = stream.bronze();
    stream.sql("DELETE FROM iceberg_tables WHERE table_name = '%s'".formatted(bronze.name()));

    assertThat(stream.complaints(Depth.SEALED))
        .containsExactly(
            "MISSING: the lake has no table bronze.pay, and the ledger counts 10 rows in it");
  }

  private Table bronze() {
    return stream.lake().load(stream.bronze());
  }

  /** The files of the bronze table in the order of their commits. */
  private List<DataFile> files() {
    return DataFiles.of(bronze().newScan()).stream()
        .sorted(Comparator.comparing(DataFile::dataSequenceNumber))
        .toList();
  }
}
