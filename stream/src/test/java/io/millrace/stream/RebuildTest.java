package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.stream.ReplayPlan.Source;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of a stream, rebuilt from a real topic under another contract. */
class RebuildTest {

  private static final String CONTRACT =
      """
      key: user
      event_id: id
      event_time: at
      lateness: 10m
      topic_partitions: 1
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true}
        amount: {type: "decimal(12,2)", max: 10}
      """;

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private RebuiltStream stream;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeStream() throws Exception {
    stream = new RebuiltStream(folder, broker.bootstrapServers(), CONTRACT);
  }

  @AfterEach
  void close() {
    stream.close();
  }

  private static String payment(int number, int amount) {
    return "{\"id\":\"%s\",\"at\":\"%s\",\"user\":\"ann\",\"amount\":%d,\"channel\":\"web\"}"
        .formatted(new UUID(0, number), Instant.now(), amount);
  }

  @Test
  void whatTheContractAcceptsNowGoesFromQuarantineToBronze() throws Exception {
    Instant began = stream.commit(payment(1, 5), payment(2, 50), payment(1, 5), "half a {");
    stream.commit(payment(3, 6), payment(2, 50));
    stream.evolve(CONTRACT.replace(", max: 10", "") + "  channel: string\n");

    RebuiltStream.Outcome outcome = stream.rebuild(stream.plan(began));

    // The second of the events that were rejected twice is a repeat now.
    assertThat(outcome.counts())
        .containsExactly(
            "bronze.pay -0 +1 ~2 =0",
            "quarantine.pay_rejected -2 +0 ~0 =1",
            "quarantine.pay_repeated -0 +1 ~1 =0");
    assertThat(outcome.differences().get(0).examples())
        .anyMatch(it -> it.endsWith("/0/0: channel was null, is web"))
        .anyMatch(it -> it.contains("/0/1: was in quarantine.pay_"));
    assertThat(outcome.correction().corrects()).isEqualTo(new Corrected(1, 2));

    LedgerEntry entry = stream.swap(outcome);
    assertThat(entry.ranges().get(0).balances()).isTrue();
    assertThat(entry.ranges().get(0).accepted()).isEqualTo(3);
    RebuiltStream.Outcome again = stream.rebuild(stream.plan(began));
    assertThat(again.counts())
        .containsExactly(
            "bronze.pay -0 +0 ~0 =3",
            "quarantine.pay_rejected -0 +0 ~0 =1",
            "quarantine.pay_repeated -0 +0 ~0 =2");
  }

  @Test
  void whatWasInASessionStaysInItAndWhatIsNewBelongsToNone() throws Exception {
    String contract = CONTRACT.replace("lateness: 10m", "lateness: 10m\nsession_gap: 30m");
    stream.evolve(contract);
    Instant before = stream.commit(payment(1, 5));
    RebuiltStream.awaitAfter(before);
    Instant began = stream.commit(payment(2, 5), payment(3, 50), payment(4, 5));
    stream.evolve(contract.replace(", max: 10", ""));

    RebuiltStream.Outcome outcome = stream.rebuild(stream.plan(began));

    assertThat(outcome.counts())
        .containsExactly("bronze.pay -0 +1 ~0 =2", "quarantine.pay_rejected -1 +0 ~0 =0");
    assertThat(stream.swap(outcome).ranges().get(0).balances()).isTrue();
    assertThat(stream.rebuild(stream.plan(began)).differs()).isFalse();
  }

  @Test
  void anIdFromBeforeItBeginsStillMakesARepeat() throws Exception {
    Instant first = stream.commit(payment(1, 5));
    RebuiltStream.awaitAfter(first);
    Instant began = stream.commit(payment(2, 5), payment(1, 5));

    ReplayPlan plan = stream.plan(began);

    assertThat(plan.commits()).isEqualTo(new Corrected(2, 2));
    assertThat(plan.reads())
        .containsExactly(new ReplayPlan.Read(stream.partition(), Source.TOPIC, 0, 1, 3));
    assertThat(stream.rebuild(plan).counts())
        .containsExactly("bronze.pay -0 +0 ~0 =1", "quarantine.pay_repeated -0 +0 ~0 =1");
  }

  @Test
  void anEventThatWasRejectedBeforeItBeginsMakesNoRepeat() throws Exception {
    Instant first = stream.commit(payment(1, 50));
    RebuiltStream.awaitAfter(first);
    Instant began = stream.commit(payment(1, 5));
    stream.evolve(CONTRACT.replace(", max: 10", ""));

    assertThat(stream.rebuild(stream.plan(began)).counts())
        .containsExactly("bronze.pay -0 +0 ~0 =1");
  }

  @Test
  void whatWasCorrectedTogetherIsReplayedTogether() throws Exception {
    Instant began = stream.commit(payment(1, 5));
    RebuiltStream.awaitAfter(began);
    stream.commit(payment(2, 5));
    stream.evolve(CONTRACT + "  channel: string\n");
    LedgerEntry unused = stream.swap(stream.rebuild(stream.plan(began)));
    RebuiltStream.awaitAfter(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    Instant later = stream.commit(payment(3, 5));

    assertThat(stream.plan(later).commits()).isEqualTo(new Corrected(4, 4));
    assertThat(stream.plan(began.plusMillis(1)).commits()).isEqualTo(new Corrected(1, 4));
  }

  @Test
  void saysSinceWhenTheTopicCanBeItsSource() throws Exception {
    Instant began = stream.commit(payment(1, 5));
    stream.commit(payment(2, 5));
    stream.dropBefore(1);

    assertThatThrownBy(() -> stream.plan(began, Source.TOPIC))
        .hasMessage(
            "Cannot replay '%s' from %s with the topic as its source: Kafka has dropped records that it needs; no commit can be replayed from it; without that source, tables give what Kafka has dropped",
            stream.name(), began);
  }
}
