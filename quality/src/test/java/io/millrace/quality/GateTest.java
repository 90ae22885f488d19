package io.millrace.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.millrace.core.Incident;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {

  private static final TableName CLICKS = TableName.bronze("clicks");

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private Ledger ledger;
  private Incidents incidents;
  private Gate gate;
  private long sequence;
  private long offset;

  @BeforeEach
  void open() throws IOException {
    Path metadata = folder.resolve("metadata.db");
    ledger = Ledger.open(metadata);
    incidents = Incidents.open(metadata, () -> now);
    gate = Gate.open(project(), metadata, incidents, () -> now);
  }

  private Project project() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("project/streams")).getParent();
    Files.writeString(directory.resolve("millrace.yaml"), "");
    Files.writeString(
        directory.resolve("streams/clicks.yaml"),
        """
        key: id
        event_id: id
        event_time: at_time
        max_rejected_percent: 10
        fields:
          id: {type: uuid, required: true}
          at_time: {type: timestamp, required: true}
        """);
    return ProjectReader.load(directory);
  }

  @AfterEach
  void close() {
    gate.close();
    incidents.close();
    ledger.close();
  }

  private void commit(long accepted, long rejected) {
    long to = offset + accepted + rejected;
    ledger.add(
        new LedgerEntry(
            "clicks",
            ++sequence,
            sequence,
            now.getEpochSecond() * 1_000_000,
            List.of(new Range("clicks", 0, offset, to, accepted, rejected, 0, 0, 0)),
            List.of(),
            Optional.empty(),
            List.of(),
            LedgerEntry.NO_SEAL));
    offset = to;
  }

  private void passes(Duration time) {
    now = now.plus(time);
  }

  private void lasts() {
    gate.look();
    passes(Gate.LASTING);
    gate.look();
  }

  private Incident incident() {
    return incidents.find(Kind.REJECTS, "bronze.clicks").orElseThrow();
  }

  @Test
  void isOpenWhileAsManyAreRejectedAsExpected() {
    commit(900, 100);
    assertThat(gate.closed(CLICKS)).isEmpty();
    assertThat(gate.closed(TableName.parse("gold.sales"))).isEmpty();
    assertThat(incidents.recent(10)).isEmpty();
  }

  @Test
  void closesForEveryTableOfTheStream() {
    commit(900, 100);
    commit(600, 400);
    String why =
        "25.0 % of the last 2,000 events of clicks were rejected, and its contract expects at most 10 %";
    assertThat(gate.closed(CLICKS)).contains(why + "; it is an incident if that lasts");
    assertThat(incidents.recent(10)).isEmpty();

    lasts();
    assertThat(gate.closed(CLICKS))
        .contains(why + "; see 'millrace incidents', and acknowledge incident 1 to let it pass");
    assertThat(gate.closed(TableName.late("clicks"))).isPresent();
    assertThat(incident())
        .isEqualTo(
            new Incident(
                1,
                Kind.REJECTS,
                "bronze.clicks",
                "stream clicks",
                why,
                500,
                "models downstream of it are not built until this is acknowledged; rejected events"
                    + " are kept in quarantine.clicks_rejected",
                now,
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void staysClosedUntilAPersonAcknowledges() {
    commit(600, 400);
    lasts();
    passes(Duration.ofHours(1));
    commit(1_000, 0);
    assertThat(gate.closed(CLICKS)).as("the rate is down, and nobody has looked").isPresent();

    incidents.acknowledge(incident().id());
    assertThat(gate.closed(CLICKS)).isEmpty();
    assertThat(incidents.goingOn()).isEmpty();
  }

  @Test
  void isNotAlarmedByAStreamThatComesBack() {
    commit(2, 327);
    assertThat(gate.closed(CLICKS)).isPresent();
    passes(Duration.ofSeconds(5));
    commit(65_000, 0);
    assertThat(gate.closed(CLICKS)).isEmpty();

    passes(Duration.ofMinutes(1));
    commit(0, 30_000);
    assertThat(gate.closed(CLICKS)).get(STRING).endsWith("it is an incident if that lasts");
    assertThat(incidents.recent(10)).isEmpty();
  }

  @Test
  void beginsNoOtherIncidentForTheJumpThatIsAcknowledged() {
    commit(600, 400);
    lasts();
    incidents.acknowledge(incident().id());
    commit(600, 500);
    assertThat(gate.closed(CLICKS)).isEmpty();
    assertThat(incident().rows()).isEqualTo(900);

    passes(Duration.ofHours(1));
    commit(1_000, 0);
    gate.look();
    assertThat(incidents.goingOn()).isEmpty();
    commit(600, 800);
    lasts();
    assertThat(gate.closed(CLICKS)).as("another jump").isPresent();
    assertThat(incident().id()).isEqualTo(2);
  }

  @Test
  void saysNothingOfAFewEvents() {
    commit(0, 99);
    assertThat(gate.closed(CLICKS)).isEmpty();
    commit(0, 1);
    assertThat(gate.closed(CLICKS)).isPresent();
  }
}
