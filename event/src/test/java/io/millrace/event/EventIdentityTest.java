package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The expected hashes were made by the reference implementation of XXH3. */
class EventIdentityTest {

  private static final Field TIME = Field.required("event_time", Scalar.TIMESTAMP);

  private static StreamContract derived(Field... fields) {
    return Clicks.contract(
        "event_time",
        new EventId.Derived(List.of(fields).stream().map(Field::name).toList()),
        Stream.concat(Stream.of(TIME), List.of(fields).stream()).toArray(Field[]::new));
  }

  private static UUID id(StreamContract contract, String members) {
    EventDecoder decoder = new EventDecoder(contract, 1 << 20);
    byte[] event = "{\"event_time\":\"%s\",%s}".formatted(Clicks.TIME, members).getBytes(UTF_8);
    assertThat(decoder.decode(event, 0, event.length, Clicks.TIME_MICROS))
        .isEqualTo(Verdict.ACCEPTED);
    UUID id = new UUID(decoder.idHigh(), decoder.idLow());
    if (contract.eventId() instanceof EventId.Derived) {
      assertThat(decoder.row().size()).isEqualTo(contract.fields().size() + 1);
      int last = contract.fields().size();
      ByteBuffer bytes =
          ByteBuffer.wrap(decoder.row().bytesAt(last), decoder.row().offsetAt(last), 16);
      assertThat(new UUID(bytes.getLong(), bytes.getLong())).isEqualTo(id);
    }
    return id;
  }

  private static UUID ofTexts(String members) {
    return id(
        derived(Field.optional("a", Scalar.STRING), Field.optional("b", Scalar.STRING)), members);
  }

  private static UUID of(Type type, String value) {
    return id(derived(Field.optional("a", type)), "\"a\":" + value);
  }

  @Test
  void staysWhatItIs() {
    assertThat(ofTexts("\"a\":\"x\",\"b\":null"))
        .hasToString("bddf8ec4-a3df-8f81-f6f2-19289f4683d2");
    assertThat(
            of(
                new Type.Struct(
                    List.of(
                        Field.optional("b", Scalar.BOOLEAN),
                        Field.optional("c", new Type.Decimal(12, 2)),
                        Field.optional("d", new Type.ListOf(Scalar.DATE)))),
                "{\"b\":true,\"c\":-1.5,\"d\":[\"2026-01-31\",null]}"))
        .hasToString("e89cfe9b-366c-ade5-2ef5-c824c57d4233");
  }

  @Test
  void tellsNullFromEmptyAndOneFieldFromTheNext() {
    assertThat(
            List.of(
                ofTexts("\"a\":null,\"b\":\"\""),
                ofTexts("\"a\":\"\",\"b\":null"),
                ofTexts("\"a\":\"\",\"b\":\"\""),
                ofTexts("\"a\":null"),
                ofTexts("\"a\":\"xy\",\"b\":\"z\""),
                ofTexts("\"a\":\"x\",\"b\":\"yz\"")))
        .doesNotHaveDuplicates();
    Type list = new Type.ListOf(Scalar.STRING);
    assertThat(List.of(of(list, "null"), of(list, "[]"), of(list, "[null]"), of(list, "[\"\"]")))
        .doesNotHaveDuplicates();
  }

  @Test
  void asksForValuesAndNotForSpelling() {
    assertThat(ofTexts("\"b\":\"\\u007a\",\"other\":1,\"a\":\"y\""))
        .isEqualTo(ofTexts("\"a\":\"y\",\"b\":\"z\""));
    assertThat(of(Scalar.INT, "2.0")).isEqualTo(of(Scalar.INT, "2"));
    assertThat(of(Scalar.TIMESTAMP, "\"2026-01-31T13:00:00+01:00\""))
        .isEqualTo(of(Scalar.TIMESTAMP, "\"2026-01-31T12:00:00Z\""));
  }

  @Test
  void outlivesTheWideningOfItsType() {
    assertThat(of(Scalar.INT, "-7")).isEqualTo(of(Scalar.LONG, "-7"));
    assertThat(of(new Type.Decimal(12, 2), "-7.25"))
        .isEqualTo(of(new Type.Decimal(38, 2), "-7.25"));
  }

  @Test
  void hashesADeclaredString() {
    StreamContract contract =
        Clicks.contract(
            "event_id",
            new EventId.Declared("event_id"),
            TIME,
            Field.required("event_id", Scalar.STRING));
    assertThat(id(contract, "\"event_id\":\"order-1\""))
        .hasToString("5a8a4096-13f9-0ad0-af63-a0f835ca6746");
    assertThat(id(contract, "\"event_id\":\"order\\u002d1\""))
        .isEqualTo(id(contract, "\"event_id\":\"order-1\""));
  }

  @Test
  void isRequiredWhateverTheContractSaysOfItsField() {
    EventDecoder decoder =
        new EventDecoder(
            Clicks.contract(
                "event_id",
                new EventId.Declared("event_id"),
                Field.optional("event_id", Scalar.STRING),
                Field.optional("event_time", Scalar.TIMESTAMP)),
            100);
    byte[] event = "{}".getBytes(UTF_8);
    assertThat(decoder.decode(event, 0, 2, 0))
        .isEqualTo(
            new Verdict.Rejected(
                Reason.MISSING_FIELD, "event_id", "The field is required, but absent or null", 1));
  }
}
