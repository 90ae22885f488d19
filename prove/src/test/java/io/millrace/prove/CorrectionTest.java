package io.millrace.prove;

import static io.millrace.prove.PlayedStream.payment;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits that take the place of others, and what still shows when somebody meddles. */
class CorrectionTest {

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

  /** Offsets 0 to 4 are commit 1, 5 to 9 commit 2, 10 to 14 commit 3. */
  @BeforeEach
  void commitThrice() {
    stream = new PlayedStream(folder, broker.bootstrapServers());
    for (int from = 0; from < 15; from += 5) {
      stream.send(from, from + 5);
      stream.commit();
    }
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
  }

  @AfterEach
  void close() {
    stream.close();
  }

  @Test
  void holdsAfterACorrection() {
    LedgerEntry entry = stream.correct(new Corrected(2, 3), 7, payment(70));

    assertThat(entry.sequence()).isEqualTo(4);
    assertThat(stream.complaints(Depth.SEALED)).isEmpty();
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
    assertThat(stream.prove(Depth.FULL).streams().get(0).bronze()).isEqualTo(15);
  }

  @Test
  void holdsAfterACorrectionOfACorrectionAndMoreEvents() {
    stream.correct(new Corrected(2, 2), 7, payment(70));
    stream.send(15, 18);
    stream.commit();
    stream.correct(new Corrected(1, 5), 7, payment(71));
    stream.send(18, 20);
    stream.commit();

    assertThat(stream.complaints(Depth.SEALED)).isEmpty();
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
  }

  @Test
  void doesNotHoldIfACorrectionLeavesOutWhatItReplaces() {
    stream.correct(new Corrected(1, 2), 7, payment(70));
    stream.sql("UPDATE commit_corrections SET first_sequence = 2");
    stream.restartProver();

    assertThat(stream.complaints(Depth.SEALED))
        .contains(
            "LEDGER: the seal of commit 4 does not fit: it was altered, or commit 3 was (offsets pay/0: 0-9)",
            "LEDGER: commit 4 corrects commits 2 to 2, which are of offsets pay/0: 5-9, and is of pay/0: 0-9");
  }

  @Test
  void doesNotHoldIfACorrectionCutsAnOlderOne() {
    stream.correct(new Corrected(1, 2), 7, payment(70));
    stream.correct(new Corrected(2, 3), 7, payment(71));

    assertThat(stream.complaints(Depth.SEALED))
        .contains("LEDGER: commit 5 corrects a part of what commit 4 has corrected");
  }

  @Test
  void doesNotHoldIfRowsAreOthersThanTheCorrectionSays() {
    stream.correct(new Corrected(1, 2), 7, payment(70));
    stream.sql("UPDATE commit_parts SET fingerprint = 1 WHERE sequence = 4");

    assertThat(stream.complaints(Depth.FULL))
        .contains(
            "CHANGED: rows of commit 4 in bronze.pay are not those that were written: among offsets pay/0: 0-9");
  }
}
