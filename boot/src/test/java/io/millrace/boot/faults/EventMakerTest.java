package io.millrace.boot.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.boot.faults.EventMaker.Made;
import io.millrace.core.MillraceException;
import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.prove.Promise;
import io.millrace.testkit.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventMakerTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final int MANY = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private StreamContract contract(String yaml) throws IOException {
    Files.createDirectories(directory.resolve("streams"));
    Files.writeString(directory.resolve("millrace.yaml"), "name: any\n");
    Files.writeString(directory.resolve("streams/any.yaml"), yaml);
    return ProjectReader.load(directory).contract("any");
  }

  private static EventMaker maker(StreamContract contract) {
    return new EventMaker(contract, Settings.DEFAULTS, 7, NOW);
  }

  @Test
  void patternsAreFilledWithAnIdAndATime() {
    Path pack = Repository.here().root().resolve("packs/retail");
    String id = "00000000-0000-4000-8000-000000000007";
    for (StreamContract contract : ProjectReader.load(pack).streams().values()) {
      EventMaker maker = maker(contract);
      for (int i = 0; i < MANY; i++) {
        ByteArrayOutputStream filled = new ByteArrayOutputStream();
        maker.pattern(NOW).fill(id, EventMaker.timeText(NOW), filled);
        assertThat(filled.toString(UTF_8))
            .contains("\"" + id + "\"", "\"2026-03-01T12:00:00Z\"")
            .doesNotContain("@", "\n");
      }
    }
  }

  @Test
  void refusesToNumberEventsOfAContractWithoutRoomForIt() throws IOException {
    StreamContract contract =
        contract(
            """
            key: id
            event_id: id
            event_time: at
            fields:
              id: {type: string, required: true, max_length: 8}
              at: {type: timestamp, required: true}
            """);

    assertThatThrownBy(() -> EventMaker.carrier(contract))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot number the events of any: none of [id] is a uuid, or a string of any 36 characters, without personal data");
  }

  @Test
  void makesWhatItPromisesForEveryContractOfThePack() {
    Path pack = Repository.here().root().resolve("packs/retail");
    for (StreamContract contract : ProjectReader.load(pack).streams().values()) {
      EventMaker maker = maker(contract);
      EventDecoder decoder = new EventDecoder(contract, Settings.DEFAULTS.maxEventBytes());
      Set<String> ids = new HashSet<>();
      Instant then = maker.longAgo(NOW);
      for (int i = 0; i < MANY; i++) {
        Made fresh = maker.fresh(NOW);
        assertThat(decide(decoder, fresh)).isEqualTo(Verdict.ACCEPTED);
        assertThat(ids.add(fresh.id())).isTrue();
        assertThat(fresh.json()).doesNotContain("\n");

        Made late = maker.late(then, NOW);
        assertThat(decide(decoder, late)).isEqualTo(Verdict.ACCEPTED);
        assertThat(decoder.eventTimeMicros()).isLessThan(micros(NOW.minus(contract.lateness())));

        Made malformed = maker.malformed(NOW);
        assertThat(malformed.promise()).isEqualTo(Promise.REJECTED);
        assertThat(decide(decoder, malformed)).isInstanceOf(Verdict.Rejected.class);
        assertThat(decide(decoder, maker.ahead(NOW))).isInstanceOf(Verdict.Rejected.class);
      }
      assertThat(decide(decoder, maker.oversized(NOW))).isInstanceOf(Verdict.Rejected.class);
    }
  }

  @Test
  void noTwoEventsHaveATextInCommonThatModelsMayJoinBy() throws IOException {
    StreamContract contract =
        contract(
            """
            key: customer
            event_id: id
            event_time: at
            fields:
              id: {type: uuid, required: true}
              customer: {type: string, required: true}
              at: {type: timestamp, required: true}
            """);
    EventMaker maker = maker(contract);
    Set<String> customers = new HashSet<>();

    for (int i = 0; i < MANY; i++) {
      customers.add(JSON.readTree(maker.fresh(NOW).json()).get("customer").asText());
    }

    assertThat(customers).hasSize(MANY);
  }

  @Test
  void namesAnEventByItsTextWhereItsIdIsText() throws IOException {
    StreamContract contract =
        contract(
            """
            key: id
            event_id: id
            event_time: at
            fields:
              id: {type: string, required: true, max_length: 12}
              at: {type: timestamp, required: true}
            """);

    Made made = maker(contract).fresh(NOW);

    assertThat(made.id()).hasSize(12);
    assertThat(made.json()).contains("\"" + made.id() + "\"");
  }

  @Test
  void saysWhenAContractCannotTellItsEventsApart() throws IOException {
    StreamContract contract =
        contract(
            """
            key: paid
            event_id: {derived_from: [paid]}
            event_time: at
            fields:
              paid: {type: boolean, required: true}
              at: {type: timestamp, required: true}
            """);
    EventMaker maker = maker(contract);

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3; i++) {
                maker.fresh(NOW);
              }
            })
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot try any: the fields its event id is derived from have too few values to tell events apart");
  }

  private static Verdict decide(EventDecoder decoder, Made made) {
    byte[] bytes = made.json().getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length, micros(NOW));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
