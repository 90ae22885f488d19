package io.millrace.prove;

import static io.millrace.prove.PlayedStream.payment;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were loaded beside the topic, and what shows when somebody meddles with them. */
class LoadTest {

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

  /** Commits 1 and 3 are of the topic, 2 is of a file of five events. */
  @BeforeEach
  void loadBetweenCommits() {
    stream = new PlayedStream(folder, broker.bootstrapServers());
    stream.send(0, 5);
    stream.commit();
    stream.load(1, 100, 105);
    stream.send(5, 10);
    stream.commit();
  }

  @AfterEach
  void close() {
    stream.close();
  }

  @Test
  void linesAreInTheBalance() {
    assertThat(stream.prove(Depth.FULL).streams())
        .containsExactly(
            new StreamProof(
                stream.name(), 10, 10, 6, 15, 0, 0, 0, 0, 1, 0, Optional.empty(), List.of()));
  }

  @Test
  void staysWhenTheCommitsAroundItAreCorrected() {
    stream.correct(new Corrected(1, 3), 7, payment(70));

    assertThat(stream.complaints(Depth.FULL)).isEmpty();
    assertThat(stream.prove(Depth.FULL).streams().get(0).bronze()).isEqualTo(15);
  }

  @Test
  void aDigestThatWasAlteredShows() {
    stream.sql("UPDATE loaded_files SET sha256 = 'other'");

    assertThat(stream.complaints(Depth.SEALED))
        .singleElement()
        .asString()
        .contains("the seal of commit 2 does not fit");
  }

  @Test
  void aFileThatTheLedgerForgotShows() {
    stream.sql("DELETE FROM loaded_files");

    assertThat(stream.complaints(Depth.SEALED))
        .anyMatch(it -> it.contains("accounts for lines of files that it does not name"));
  }

  @Test
  void rowsThatAreGoneShow() {
    stream.sql("UPDATE commit_ranges SET accepted = 6, absent = 0 WHERE topic_partition < 0");

    assertThat(stream.complaints(Depth.FULL))
        .anyMatch(it -> it.contains("commit 2 counts 6 events for bronze.pay and wrote 5 rows"));
  }
}
