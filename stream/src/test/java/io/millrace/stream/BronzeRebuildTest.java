package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict;
import io.millrace.lake.Correction;
import io.millrace.lake.DataFiles;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.RowEraser;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.stream.RebuiltStream.Outcome;
import io.millrace.stream.RebuiltStream.Sent;
import io.millrace.stream.ReplayPlan.Read;
import io.millrace.stream.ReplayPlan.Source;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits of a stream, rebuilt from its own tables. */
class BronzeRebuildTest {

  private static final String PAYMENTS =
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

  /** Of every type, with bounds that some of the events break. */
  private static final String TORTURE =
      """
      key: user
      event_id: %s
      event_time: at
      lateness: 10m
      topic_partitions: 1
      partition: day(at)
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true%s}
        email: {type: string, max_length: 100%s}
        amount: decimal(12,2)
        total: decimal(38,10)
        items: {type: int%s}
        big: long
        ratio: double
        paid: boolean
        born: date
        session: uuid
        tags: {type: list, element: string}
        prices: {type: list, element: "decimal(20,3)"}
        place: {type: struct, fields: {city: {type: string, required: true}, zip: long, since: timestamp}}
        lines: {type: list, element: {type: struct, fields: {sku: string, at: timestamp, counts: {type: list, element: int}}}}
      """;

  private static final String ITEMS = ", min: 0, max: 1000000000";
  private static final int COMMITS = 3;
  private static final int LINES = 700;

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

  private void make(String contract) throws Exception {
    stream = new RebuiltStream(folder, broker.bootstrapServers(), contract);
  }

  @AfterEach
  void close() {
    stream.close();
  }

  private static String payment(int number, int amount) {
    return "{\"id\":\"%s\",\"at\":\"%s\",\"user\":\"ann\",\"amount\":%d}"
        .formatted(new UUID(0, number), Instant.now(), amount);
  }

  private Outcome rebuild(Source source) {
    return stream.rebuild(stream.plan(Instant.EPOCH, source));
  }

  /**
   * Some say that they were received when they happened; the others are late.
   *
   * @param written the contract by which they were written
   */
  private void commitTorture(long seed, StreamContract written) throws Exception {
    List<byte[]> lines = new TortureLines(seed, written).next(COMMITS * LINES);
    EventDecoder decoder = new EventDecoder(written, 16 << 10);
    List<Sent> events = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      byte[] line = lines.get(i);
      boolean inTime =
          i % 3 > 0
              && decoder.decode(line, 0, line.length, EventDecoder.AT_EVENT_TIME)
                  == Verdict.ACCEPTED;
      events.add(
          new Sent(
              Bytes.wrap(line),
              inTime ? OptionalLong.of(decoder.receivedMicros()) : OptionalLong.empty()));
    }
    for (int i = 0; i < COMMITS; i++) {
      Instant unused = stream.commit(events.subList(i * LINES, (i + 1) * LINES));
    }
  }

  /** Every row of every table, by where it came from. */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    Schemas.tables(stream.contract())
        .forEach(
            (name, columns) -> {
              Table table = stream.lake().load(name);
              if (table.currentSnapshot() != null) {
                TableReader.forEach(
                    table,
                    table.currentSnapshot().snapshotId(),
                    columns,
                    row ->
                        rows.put(
                            text(columns, row, "topic_offset"),
                            "%s %s %x"
                                .formatted(
                                    name,
                                    RowText.of(columns, row),
                                    Fingerprint.over(columns).of(row))));
              }
            });
    return rows;
  }

  private static String text(List<Field> columns, Row row, String column) {
    return RowText.of(columns, row).get(column);
  }

  private void assertSameAsTheLedger(Outcome outcome) {
    Correction made = outcome.correction();
    List<LedgerEntry> entries = stream.ledger().after(stream.name(), 0);
    assertThat(made.ranges()).hasSize(1).allMatch(Range::balances);
    assertThat(made.ranges().get(0).absent())
        .isEqualTo(entries.stream().mapToLong(it -> it.ranges().get(0).absent()).sum());
    for (Part part : made.parts()) {
      List<Part> written =
          entries.stream()
              .flatMap(it -> it.parts().stream())
              .filter(it -> it.table().equals(part.table()))
              .toList();
      assertThat(part.rows()).isEqualTo(written.stream().mapToLong(Part::rows).sum());
      assertThat(part.fingerprint()).isEqualTo(written.stream().mapToLong(Part::fingerprint).sum());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "{derived_from: [user, at, total]}"})
  void withTheSameContractNothingDiffers(String eventId) throws Exception {
    make(TORTURE.formatted(eventId, "", "", ITEMS));
    commitTorture(3, stream.contract());

    Outcome outcome = rebuild(Source.BRONZE);

    assertThat(outcome.differs()).as(outcome.counts().toString()).isFalse();
    assertThat(outcome.differences()).hasSize(4).allMatch(it -> it.equal() > 10);
    assertSameAsTheLedger(outcome);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "{derived_from: [user, at, total]}"})
  void withTheSameContractPseudonymsAndMasksStayAsTheyAre(String eventId) throws Exception {
    make(TORTURE.formatted(eventId, ", max_length: 30, pii: pseudonym", ", pii: mask", ITEMS));
    commitTorture(4, stream.contract());

    Outcome outcome = rebuild(Source.BRONZE);

    assertThat(outcome.differs()).as(outcome.counts().toString()).isFalse();
    assertSameAsTheLedger(outcome);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", pii: pseudonym"})
  void whatIsAcceptedNowIsAsItWouldBeFromTheTopic(String personal) throws Exception {
    make(TORTURE.formatted("id", personal, "", ""));
    StreamContract written = stream.contract();
    stream.evolve(TORTURE.formatted("id", personal, "", ITEMS));
    commitTorture(5, written);
    stream.evolve(TORTURE.formatted("id", personal, "", ""));

    Outcome outcome = rebuild(Source.BRONZE);
    LedgerEntry entry = stream.swap(outcome);

    assertThat(outcome.differences().get(0).onlyNew()).isPositive();
    assertThat(entry.ranges()).allMatch(Range::balances);
    Outcome topic = rebuild(Source.TOPIC);
    assertThat(topic.differs()).as(topic.counts() + " " + topic.examples()).isFalse();
  }

  @Test
  void whatKafkaHasDroppedIsAcceptedByACorrectedContract() throws Exception {
    make(PAYMENTS);
    Instant began = stream.commit(payment(1, 5), payment(2, 50), payment(1, 5), "half a {");
    stream.commit(payment(3, 6), payment(2, 50));
    stream.dropBefore(5);
    stream.evolve(PAYMENTS.replace(", max: 10", ""));

    ReplayPlan plan = stream.plan(began);
    Outcome outcome = stream.rebuild(plan);

    assertThat(plan.fromBronze().orElseThrow().commits()).isEqualTo(new Corrected(1, 2));
    assertThat(plan.reads()).containsExactly(new Read(stream.partition(), Source.BRONZE, 0, 0, 6));
    // The second of the events that were rejected twice is a repeat now.
    assertThat(outcome.counts())
        .containsExactly(
            "bronze.pay -0 +1 ~0 =2",
            "quarantine.pay_rejected -2 +0 ~0 =1",
            "quarantine.pay_repeated -0 +1 ~0 =1");
    LedgerEntry entry = stream.swap(outcome);
    assertThat(entry.ranges().get(0)).isEqualTo(new Range(stream.name(), 0, 0, 6, 3, 1, 2, 0, 0));
    assertThat(rebuild(Source.BRONZE).differs()).isFalse();
  }

  @Test
  void whatKafkaStillHasComesFromTheTopicAndKnowsWhatWasAcceptedBefore() throws Exception {
    String contract = PAYMENTS.replace("lateness: 10m", "lateness: 10m\nrepeat_window: 40s");
    make(contract);
    Instant began = stream.commit(payment(1, 5), payment(2, 50));
    Instant kept = stream.commit(payment(3, 5));
    RebuiltStream.awaitAfter(kept.plusSeconds(25));
    stream.commit(payment(4, 50));
    RebuiltStream.awaitAfter(kept.plusSeconds(51));
    stream.commit(payment(4, 6), payment(6, 7));
    stream.dropBefore(2);
    stream.evolve(contract.replace(", max: 10", ""));

    ReplayPlan plan = stream.plan(began);

    assertThat(plan.commits()).isEqualTo(new Corrected(1, 4));
    assertThat(plan.fromBronze().orElseThrow().commits()).isEqualTo(new Corrected(1, 3));
    assertThat(plan.reads())
        .extracting(Read::source, Read::from, Read::to)
        .containsExactly(tuple(Source.BRONZE, 0L, 4L), tuple(Source.TOPIC, 4L, 6L));
    Outcome outcome = stream.rebuild(plan);
    assertThat(outcome.counts())
        .containsExactly(
            "bronze.pay -1 +2 ~0 =3",
            "quarantine.pay_rejected -2 +0 ~0 =0",
            "quarantine.pay_repeated -0 +1 ~0 =0");
    assertThat(stream.swap(outcome).ranges().get(0))
        .isEqualTo(new Range(stream.name(), 0, 0, 6, 5, 0, 1, 0, 0));
    // What was corrected together has one source.
    assertThat(stream.plan(began).fromBronze().orElseThrow().commits())
        .isEqualTo(new Corrected(1, 4));
    assertThat(stream.rebuild(stream.plan(began)).differs()).isFalse();
  }

  @Test
  void whatIsRejectedByItsRowComesBackAsItWas() throws Exception {
    make(TORTURE.formatted("{derived_from: [user, at, total]}", "", "", ITEMS));
    commitTorture(6, stream.contract());
    Map<String, String> before = rows();
    stream.evolve(
        TORTURE.formatted("{derived_from: [user, at, total]}", "", "", ", min: 0, max: 50000000"));

    Outcome stricter = rebuild(Source.BRONZE);
    LedgerEntry rejecting = stream.swap(stricter);
    stream.evolve(TORTURE.formatted("{derived_from: [user, at, total]}", "", "", ITEMS));
    LedgerEntry accepting = stream.swap(rebuild(Source.BRONZE));

    assertThat(stricter.differences().get(0).onlyOld()).isPositive();
    assertThat(rejecting.ranges()).allMatch(Range::balances);
    assertThat(rejecting.ranges().get(0).accepted())
        .isLessThan(accepting.ranges().get(0).accepted());
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void aRepeatTakesThePlaceOfAFirstThatIsNotAcceptedAnyLonger() throws Exception {
    make(PAYMENTS);
    stream.commit(payment(1, 9), payment(1, 3), payment(1, 4));
    stream.evolve(PAYMENTS.replace("max: 10", "max: 8"));

    assertThat(rebuild(Source.BRONZE).counts())
        .containsExactly(
            "bronze.pay -1 +1 ~0 =0",
            "quarantine.pay_rejected -0 +1 ~0 =0",
            "quarantine.pay_repeated -1 +0 ~0 =1");
  }

  @Test
  void valuesThatTheContractNoLongerNamesStay() throws Exception {
    make(PAYMENTS);
    stream.commit(payment(1, 5));
    stream.evolve(PAYMENTS.replace("  amount: {type: \"decimal(12,2)\", max: 10}\n", ""));

    assertThat(rebuild(Source.TOPIC).counts()).containsExactly("bronze.pay -0 +0 ~1 =0");
    assertThat(rebuild(Source.BRONZE).counts()).containsExactly("bronze.pay -0 +0 ~0 =1");
  }

  @Test
  void ofPeopleNothingIsRejectedThatHasOtherValuesInPlaceOfTheirs() throws Exception {
    String contract =
        PAYMENTS.replace("user: {type: string", "user: {pii: pseudonym, type: string");
    make(contract);
    stream.commit(payment(1, 5));
    stream.evolve(contract.replace("max: 10", "max: 4"));

    assertThatThrownBy(() -> rebuild(Source.BRONZE))
        .hasMessage(
            "Cannot replay '%s': its contract no longer accepts the event at offset 0 of %s/0, which bronze.%s has; Kafka has dropped its bytes, and tables have other values in place of those of people; nothing was changed: replay from a later time, or correct the contract",
            stream.name(), stream.name(), stream.name());
  }

  @Test
  void whoWasErasedStaysErasedAndCounted() throws Exception {
    String contract =
        PAYMENTS.replace("user: {type: string", "user: {pii: pseudonym, type: string");
    make(contract);
    stream.commit(payment(1, 5), payment(2, 50), payment(3, 6));
    TableName bronze = stream.contract().bronze();
    try (Erasures book = stream.erasures()) {
      Erasure erasure = book.begin(Set.of("0".repeat(32)), Map.of(stream.partition(), 3L));
      long erased =
          new RowEraser(stream.lake(), book)
              .erase(
                  erasure.id(),
                  bronze,
                  stream.name(),
                  columns -> row -> text(columns, row, "topic_offset").equals("0"));
      assertThat(erased).isEqualTo(1);
      book.finish(erasure.id());
    }
    stream.dropBefore(3);
    stream.evolve(contract.replace(", max: 10", ""));

    Outcome outcome = stream.rebuild(stream.plan(Instant.EPOCH));

    assertThat(outcome.counts())
        .containsExactly("bronze.pay -0 +1 ~0 =1", "quarantine.pay_rejected -1 +0 ~0 =0");
    assertThat(stream.swap(outcome).ranges().get(0))
        .isEqualTo(new Range(stream.name(), 0, 0, 3, 3, 0, 0, 0, 0));
  }

  @Test
  void tablesThatHaveLostRowsAreNotTakenForTheTruth() throws Exception {
    make(PAYMENTS);
    stream.commit(payment(1, 5));
    stream.commit(payment(2, 5));
    Table table = stream.lake().load(stream.contract().bronze());
    table.newDelete().deleteFile(DataFiles.of(table.newScan()).get(0)).commit();

    assertThatThrownBy(() -> rebuild(Source.BRONZE))
        .hasMessage(
            "Cannot replay '%s' from its tables: bronze.%s has 1 rows of commits 1 to 2, and the ledger says 2; nothing was changed: millrace prove --full %s says which",
            stream.name(), stream.name(), stream.name());
  }

  @Test
  void killedMidwayAndRunAgainItGivesTheSame() throws Exception {
    make(TORTURE.formatted("id", "", "", ""));
    StreamContract written = stream.contract();
    stream.evolve(TORTURE.formatted("id", "", "", ITEMS));
    commitTorture(7, written);
    stream.evolve(TORTURE.formatted("id", "", "", ""));
    ReplayPlan plan = stream.plan(Instant.EPOCH, Source.BRONZE);
    Outcome whole = stream.rebuild(plan);
    Map<String, String> before = rows();

    // It has staged all of it, and nobody closes it.
    Rebuild killed = stream.begin(plan);
    Correction unused = killed.run();
    assertThat(rows()).isEqualTo(before);
    Outcome again = stream.rebuild(plan);

    assertThat(again.counts()).isEqualTo(whole.counts());
    assertThat(again.correction().ranges()).isEqualTo(whole.correction().ranges());
    assertThat(stream.swap(again).ranges()).allMatch(Range::balances);
    assertThat(rebuild(Source.TOPIC).differs()).isFalse();
  }
}
