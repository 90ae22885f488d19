package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Personal;
import io.millrace.project.Personal.Kept;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtectionTest {

  private static final Personal PSEUDONYM = new Personal(Treatment.PSEUDONYM, Kept.NOTHING);
  private static final UUID PERSON = UUID.fromString("7d9f7a0e-4c7b-4f8e-9a55-0f4a1c2b3d4e");
  private static final StreamContract CONTRACT =
      Clicks.contract(
          Field.required("event_id", Type.Scalar.UUID),
          Field.required("event_time", Type.Scalar.TIMESTAMP),
          Field.optional("user_id", Type.Scalar.STRING).withPersonal(PSEUDONYM),
          Field.optional("customer", Type.Scalar.LONG).withPersonal(PSEUDONYM),
          Field.optional("person", Type.Scalar.UUID).withPersonal(PSEUDONYM),
          Field.optional("ip", Type.Scalar.STRING)
              .withPersonal(new Personal(Treatment.MASK, Kept.NETWORK)),
          Field.optional("note", Type.Scalar.STRING)
              .withPersonal(new Personal(Treatment.CLEAR, Kept.NOTHING)),
          Field.optional(
              "friends",
              new Type.ListOf(
                  new Type.Struct(
                      List.of(
                          Field.optional("user_id", Type.Scalar.STRING).withPersonal(PSEUDONYM),
                          Field.optional("since", Type.Scalar.INT))))));

  @TempDir Path folder;
  private Pseudonyms pseudonyms;
  private EventDecoder decoder;
  private StoredRow stored;

  @BeforeEach
  void open() {
    pseudonyms = PersonalKey.of(new DataDirectory(folder)).pseudonyms();
    decoder = new EventDecoder(CONTRACT, 10_000);
    stored = new StoredRow(decoder.row(), Protection.of(CONTRACT, pseudonyms));
  }

  private Row decode(String values, long offset) {
    byte[] json =
        """
        {"event_id": "0e0e7a0e-4c7b-4f8e-9a55-0f4a1c2b3d4e", "event_time": "2026-01-01T00:00:00Z", %s}"""
            .formatted(values)
            .getBytes(UTF_8);
    assertThat(decoder.decode(json, 0, json.length, EventDecoder.AT_EVENT_TIME))
        .isEqualTo(Verdict.ACCEPTED);
    return stored.at(decoder.receivedMicros(), 0, offset);
  }

  private static String text(Row row, int position) {
    return new String(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position), UTF_8);
  }

  private Pseudonym first(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    return pseudonyms.first(bytes, 0, bytes.length);
  }

  @Test
  void tablesHoldPseudonymsAndMasks() {
    Row row =
        decode(
            """
            "user_id": "\\u0061da", "customer": 4711, "person": "%s", "ip": "203.0.113.77",
            "note": "by hand", "friends": [{"user_id": "bob", "since": 7}, null, {"since": 8}]"""
                .formatted(PERSON),
            0);

    assertThat(text(row, 2)).isEqualTo(first("ada").toString()).hasSize(32);
    assertThat(row.longAt(3)).isEqualTo(first("4711").asLong()).isNotNegative();
    ByteBuffer bits = ByteBuffer.wrap(row.bytesAt(4), row.offsetAt(4), 16);
    UUID uuid = new UUID(bits.getLong(), bits.getLong());
    assertThat(uuid.version()).isEqualTo(8);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(text(row, 5)).isEqualTo("203.0.113.0");
    assertThat(text(row, 6)).isEqualTo("by hand");
    Row friends = row.rowAt(7);
    assertThat(text(friends.rowAt(0), 0)).isEqualTo(first("bob").toString());
    assertThat(friends.rowAt(0).longAt(1)).isEqualTo(7);
    assertThat(friends.rowAt(2).isNull(0)).isTrue();
  }

  @Test
  void nullsStayNull() {
    Row row = decode("\"user_id\": null", 0);

    for (int position = 2; position < 8; position++) {
      assertThat(row.isNull(position)).isTrue();
    }
  }

  @Test
  void manyLongPseudonymsOfAShortEventFit() {
    String friends = "{\"user_id\": \"b\"},".repeat(100).replaceAll(",$", "");
    Row row = decode("\"user_id\": \"a\", \"friends\": [%s]".formatted(friends), 0);

    assertThat(text(row, 2)).isEqualTo(first("a").toString());
    for (int i = 0; i < 100; i++) {
      assertThat(text(row.rowAt(7).rowAt(i), 0)).isEqualTo(first("b").toString());
    }
  }

  @Test
  void aPersonWhoWasErasedHasAnotherFromThereOn() {
    pseudonyms.erased(
        Map.of(
            first("ada"),
            List.of((partition, offset) -> offset >= 10, (partition, offset) -> offset >= 20)));

    String before = text(decode("\"user_id\": \"ada\"", 9), 2);
    String after = text(decode("\"user_id\": \"ada\"", 10), 2);
    String later = text(decode("\"user_id\": \"ada\"", 20), 2);

    assertThat(before).isEqualTo(first("ada").toString());
    assertThat(after).isEqualTo(pseudonyms.after(first("ada"), 1).toString());
    assertThat(later).isEqualTo(pseudonyms.after(first("ada"), 2).toString());
    assertThat(List.of(before, after, later)).doesNotHaveDuplicates();
    assertThat(text(decode("\"user_id\": \"bob\"", 30), 2)).isEqualTo(first("bob").toString());
  }

  @Test
  void peopleAreFoundInRowsAndInEvents() {
    People people = new People(PersonalKey.of(new DataDirectory(folder)), Map.of("bob", 0));
    Predicate<Row> inRows = people.in(CONTRACT, CONTRACT.fields());

    assertThat(inRows.test(decode("\"user_id\": \"bob\"", 0))).isTrue();
    assertThat(inRows.test(decode("\"friends\": [{\"user_id\": \"bob\"}]", 0))).isTrue();
    assertThat(inRows.test(decode("\"note\": \"bob\"", 0))).isTrue();
    assertThat(inRows.test(decode("\"user_id\": \"bo\", \"note\": \"bobby\"", 0))).isFalse();
    assertThat(people.in("{\"user\": \"bob\", half".getBytes(UTF_8))).isTrue();
    assertThat(people.in("{\"user\": \"b\\u006fb\"}".getBytes(UTF_8))).isTrue();
    assertThat(people.in("{\"user\": \"bob-2\", \"x\": \"kabob\"}".getBytes(UTF_8))).isFalse();
  }

  @Test
  void aNumberOrAUuidIsFoundByItsText() {
    PersonalKey key = PersonalKey.of(new DataDirectory(folder));
    People people = new People(key, Map.of("4711", 0, PERSON.toString(), 0));
    Predicate<Row> inRows = people.in(CONTRACT, CONTRACT.fields());

    assertThat(inRows.test(decode("\"customer\": 4711", 0))).isTrue();
    assertThat(inRows.test(decode("\"person\": \"%s\"".formatted(PERSON), 0))).isTrue();
    assertThat(inRows.test(decode("\"customer\": 4712", 0))).isFalse();
  }

  @Test
  void aPseudonymIsReadAsItIsWritten() {
    Pseudonym any = first("ada");

    byte[] text = new byte[Pseudonym.TEXT_BYTES];
    any.writeText(text);
    assertThat(Pseudonym.parse(any.toString())).isEqualTo(any);
    assertThat(new String(text, UTF_8)).isEqualTo(any.toString());
  }
}
