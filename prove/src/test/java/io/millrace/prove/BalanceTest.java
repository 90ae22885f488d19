package io.millrace.prove;

import static io.millrace.prove.PlayedStream.payment;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DuckDbRewriter;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.project.Settings;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in order is found in order, whatever else goes on. */
class BalanceTest {

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

  @BeforeEach
  void open() {
    stream = new PlayedStream(folder, broker.bootstrapServers());
  }

  @AfterEach
  void close() {
    stream.close();
  }

  private StreamProof proof(Depth depth) {
    return stream.prove(depth).streams().get(0);
  }

  /** One that holds, of these numbers in their order; nothing was loaded beside the topic. */
  private StreamProof balance(long... n) {
    return new StreamProof(
        stream.name(),
        n[0],
        n[1],
        0,
        n[2],
        n[3],
        n[4],
        n[5],
        n[6],
        n[7],
        n[8],
        Optional.empty(),
        List.of());
  }

  @Test
  void aStreamThatNeverHadAnEventHolds() {
    assertThat(stream.complaints(Depth.FULL)).isEmpty();
    assertThat(stream.prove(Depth.SEALED).isSettled()).isTrue();
  }

  @Test
  void everyEventHasOneOutcome() {
    stream.send(0, 3);
    stream.send(payment(1));
    stream.send(payment(3).replace("11:59", "11:00"));
    stream.send("{\"half");
    stream.sendRejected("not even half");
    stream.commit();
    stream.send(4, 6);

    for (Depth depth : Depth.values()) {
      StreamProof proof = proof(depth);
      assertThat(proof.breaches()).isEmpty();
      assertThat(proof).isEqualTo(balance(9, 9, 3, 2, 1, 1, 0, 0, 2));
    }
    Proof proof = stream.prove(Depth.SEALED);
    assertThat(proof.holds()).isTrue();
    assertThat(proof.isSettled()).isFalse();
  }

  @Test
  void offsetsOfTransactionsAreAbsentAlsoAtTheEndOfTheTopic() {
    stream.send(0, 2);
    stream.sendInTransaction(payment(2), false);
    stream.sendInTransaction(payment(3), true);
    stream.commit();
    stream.sendInTransaction(payment(4), false);

    for (Depth depth : Depth.values()) {
      // Taken back: 2 and its marker, 4 and its marker. Kept: 3, whose marker is absent.
      assertThat(proof(depth)).isEqualTo(balance(2, 8, 3, 0, 0, 0, 0, 5, 0));
    }
    stream.sendInTransaction(payment(5), true);
    assertThat(proof(Depth.FULL).inFlight()).isPositive();
    stream.commit();
    assertThat(proof(Depth.FULL)).isEqualTo(balance(2, 10, 4, 0, 0, 0, 0, 6, 0));
  }

  @Test
  void erasedRowsHaveAColumnOfTheirOwn() {
    stream.send(0, 6);
    stream.commit();
    stream.send(6, 8);
    stream.commit();

    stream.erase(offset -> offset % 3 == 0);
    stream.send(8, 9);
    stream.commit();

    for (Depth depth : Depth.values()) {
      assertThat(proof(depth)).isEqualTo(balance(9, 9, 6, 0, 0, 0, 3, 0, 0));
    }
  }

  @Test
  void columnsThatComeGoAndWidenLeaveOldRowsProven() {
    stream.send(0, 3);
    stream.commit();
    stream.evolve(
        PlayedStream.CONTRACT
            .replace("items: int", "items: long")
            .replace("decimal(12,2)", "decimal(20,2)")
            .replace("  tags: {type: list, element: string}\n", "  channel: string\n"));
    stream.send(3, 6);
    stream.commit();

    assertThat(stream.complaints(Depth.FULL)).isEmpty();
    assertThat(proof(Depth.SEALED).bronze()).isEqualTo(6);
  }

  @Test
  void maintenanceLeavesTheProofAsItWas() {
    for (int i = 0; i < 12; i++) {
      stream.send(i, i + 1);
      stream.commit();
    }
    StreamProof before = proof(Depth.FULL);

    assertThat(upkeep().run().describe()).contains("make one file of 12");

    assertThat(before.breaches()).isEmpty();
    assertThat(proof(Depth.SEALED)).isEqualTo(before);
    assertThat(proof(Depth.FULL)).isEqualTo(before);
  }

  @Test
  void raisesNoAlarmWhileCommitsAndMaintenanceGoOn() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> commits =
          thread.submit(
              () -> {
                for (int i = 0; i < 40; i++) {
                  stream.send(i, i + 1);
                  stream.commit();
                  if (i % 10 == 9) {
                    upkeep().run();
                  }
                }
              });
      do {
        assertThat(stream.complaints(Depth.SEALED)).isEmpty();
        assertThat(stream.complaints(Depth.FULL)).isEmpty();
      } while (!commits.isDone());
      commits.get();
    } finally {
      thread.shutdownNow();
    }

    assertThat(proof(Depth.FULL).bronze()).isEqualTo(40);
  }

  private Upkeep upkeep() {
    return new Upkeep(
        stream.lake(),
        new DuckDbRewriter(256L << 20, folder.resolve("upkeep")),
        table -> Set.of(),
        UpkeepLimits.of(Settings.DEFAULTS),
        Clock.systemUTC(),
        rest -> {});
  }
}
