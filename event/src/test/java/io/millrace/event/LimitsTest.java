package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Field;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  private static final int MAX_BYTES = 4 << 20;
  private static final long MINUTE_MICROS = 60_000_000;

  private final EventDecoder decoder = new EventDecoder(Clicks.contract(), MAX_BYTES);

  private Verdict decode(String event) {
    byte[] bytes = event.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS);
  }

  private Verdict.Rejected rejected(String event) {
    return (Verdict.Rejected) decode(event);
  }

  @Test
  void nestsToTheLimitAndNoFurther() {
    int inside = EventDecoder.MAX_DEPTH - 1;
    String deepest = "\"a\":" + "[".repeat(inside) + "]".repeat(inside);
    assertThat(decode(Clicks.event(deepest))).isEqualTo(Verdict.ACCEPTED);

    String tooDeep = "\"a\":" + "{\"b\":".repeat(inside) + "[]" + "}".repeat(inside);
    String event = Clicks.event(tooDeep);
    assertThat(decode(event))
        .isEqualTo(
            new Verdict.Rejected(
                Reason.TOO_DEEP,
                "",
                "Objects and arrays nest deeper than 32 levels",
                event.indexOf("[]")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[[{\"a\":["})
  void endlessNestingOverflowsNothing(String open) {
    String endless = open.repeat(100_000);
    assertThat(rejected(endless).reason()).isEqualTo(Reason.TOO_DEEP);
    assertThat(rejected(Clicks.event("\"item\":{\"x\":" + endless)).reason())
        .isEqualTo(Reason.TOO_DEEP);
    assertThat(rejected(Clicks.event("\"int\":" + endless)).reason()).isEqualTo(Reason.TOO_DEEP);
  }

  @Test
  void contractsDeeperThanTheLimitOverflowNothing() {
    Type type = Scalar.INT;
    for (int level = 0; level < 40; level++) {
      type = new Type.ListOf(type);
    }
    EventDecoder deep = decoder(Field.optional("deep", type));
    byte[] event = Clicks.event("\"deep\":" + "[".repeat(40) + "]".repeat(40)).getBytes(UTF_8);
    assertThat(((Verdict.Rejected) deep.decode(event, 0, event.length, 0)).reason())
        .isEqualTo(Reason.TOO_DEEP);
  }

  @Test
  void aListThatIsLongElsewhereInEachEventIsNotKept() {
    Type.ListOf lists = new Type.ListOf(new Type.ListOf(Scalar.INT));
    EventDecoder decoder = decoder(Field.optional("lists", lists));
    String numbers = IntStream.range(0, 5_000).mapToObj(it -> "7").collect(Collectors.joining(","));
    for (int i = 0; i < 100; i++) {
      String event = "\"lists\":[" + "[],".repeat(i) + "[" + numbers + "]]";
      byte[] bytes = Clicks.event(event).getBytes(UTF_8);
      assertThat(decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS))
          .isEqualTo(Verdict.ACCEPTED);
      EventRow last = decoder.row().rowAt(3).rowAt(i);
      assertThat(last.size()).isEqualTo(5_000);
      assertThat(last.longAt(4_999)).isEqualTo(7);
    }

    assertThat(slots(decoder.row())).isLessThan(EventDecoder.MAX_KEPT_SLOTS + 20_000);
  }

  /** Of events with one more field than each has. */
  private static EventDecoder decoder(Field more) {
    return new EventDecoder(
        Clicks.contract(
            Field.required("event_id", Scalar.UUID),
            Field.required("event_time", Scalar.TIMESTAMP),
            Field.optional("user_id", Scalar.STRING),
            more),
        MAX_BYTES);
  }

  private static int slots(EventRow row) {
    return row.states.length
        + Arrays.stream(row.rows).filter(Objects::nonNull).mapToInt(LimitsTest::slots).sum();
  }

  @Test
  void takesEventsOfTheLimitAndNoLarger() {
    String event = Clicks.event("");
    byte[] bytes = event.getBytes(UTF_8);
    EventDecoder exact = new EventDecoder(Clicks.contract(), bytes.length);
    assertThat(exact.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS))
        .isEqualTo(Verdict.ACCEPTED);
    byte[] larger = (event + " ").getBytes(UTF_8);
    assertThat(exact.decode(larger, 0, larger.length, Clicks.TIME_MICROS))
        .isEqualTo(
            new Verdict.Rejected(
                Reason.TOO_LARGE,
                "",
                "%d bytes are more than the limit of %d".formatted(larger.length, bytes.length),
                bytes.length));
  }

  @Test
  void keepsAsManyElementsAsTheLimit() {
    String most = "null,".repeat(EventDecoder.MAX_ELEMENTS - 1) + "null";
    assertThat(decode(Clicks.event("\"tags\":[" + most + "]"))).isEqualTo(Verdict.ACCEPTED);
    assertThat(decoder.row().rowAt(Clicks.contract().position("tags")).size())
        .isEqualTo(EventDecoder.MAX_ELEMENTS);

    Verdict.Rejected rejected =
        rejected(Clicks.event("\"tags\":[" + most + "],\"items\":[{\"product_id\":\"a\"}]"));
    assertThat(rejected.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(rejected.field()).isEqualTo("items[0]");
    assertThat(rejected.detail())
        .isEqualTo("{\"product_id\":\"a\"} is beyond the limit of 10000 elements");
  }

  @Test
  void findsTheOneNameOfManyThatComesTwice() {
    String names =
        IntStream.range(0, 50_000)
            .mapToObj("\"name%d\":0"::formatted)
            .collect(Collectors.joining(","));
    assertThat(decode(Clicks.event(names))).isEqualTo(Verdict.ACCEPTED);
    assertThat(rejected(Clicks.event(names + ",\"name7\":0")).field()).isEqualTo("name7");
    assertThat(decode(Clicks.event("\"name7\":0"))).isEqualTo(Verdict.ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource({
    "int, OUT_OF_RANGE",
    "long, OUT_OF_RANGE",
    "double, OUT_OF_RANGE",
    "money, OUT_OF_RANGE",
    "wide, OUT_OF_RANGE"
  })
  void aMillionDigitsAreOnlyANumber(String field, Reason reason) {
    String digits = "7".repeat(1_000_000);
    Verdict.Rejected rejected = rejected(Clicks.event("\"%s\":%s".formatted(field, digits)));
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.detail()).startsWith("7".repeat(80) + "… does not fit type ");
    assertThat(decode(Clicks.event("\"%s\":0.%se-1000000".formatted(field, "0".repeat(1_000_000)))))
        .isEqualTo(Verdict.ACCEPTED);
    String one = "\"%s\":0.%s1e1000001".formatted(field, "0".repeat(1_000_000));
    assertThat(decode(Clicks.event(one))).isEqualTo(Verdict.ACCEPTED);
  }

  @Test
  void quotesNoMoreOfAValueThanAPersonReads() {
    Verdict.Rejected rejected = rejected(Clicks.event("\"int\":\"" + "€".repeat(100) + "\""));
    assertThat(rejected.detail()).isEqualTo("\"" + "€".repeat(26) + "… is not of type int");

    rejected = rejected(Clicks.event("\"int\":{\"a\"\n:\"\u0085\u202e\"}"));
    assertThat(rejected.detail()).isEqualTo("{\"a\"\\u000A:\"\\u0085\\u202E\"} is not of type int");

    rejected = rejected(Clicks.event("\"%s\":{\"a\":1,\"a\":1}".formatted("n".repeat(1000))));
    assertThat(rejected.field()).isEqualTo("n".repeat(80) + "….a");
  }

  @Test
  void cutsTheSentenceToTwoHundredCharacters() {
    String[] many = IntStream.range(0, 100).mapToObj("choice%d"::formatted).toArray(String[]::new);
    EventDecoder choosy =
        new EventDecoder(
            Clicks.contract(
                Field.required("event_id", Scalar.UUID),
                Clicks.oneOf(Field.required("event_type", Scalar.STRING), many),
                Field.required("event_time", Scalar.TIMESTAMP),
                Field.optional("user_id", Scalar.STRING)),
            MAX_BYTES);
    byte[] event = Clicks.event("").getBytes(UTF_8);
    assertThat(((Verdict.Rejected) choosy.decode(event, 0, event.length, 0)).detail())
        .startsWith("\"search\" is not one of choice0, choice1, ")
        .endsWith("…")
        .hasSize(200);
  }

  @Test
  void toleratesClocksThatDifferByFiveMinutes() {
    byte[] event = Clicks.event("").getBytes(UTF_8);
    long earliest = Clicks.TIME_MICROS - 5 * MINUTE_MICROS;
    assertThat(decoder.decode(event, 0, event.length, earliest)).isEqualTo(Verdict.ACCEPTED);
    assertThat(decoder.receivedMicros()).isEqualTo(earliest);
    assertThat(decoder.decode(event, 0, event.length, earliest - 1))
        .isEqualTo(
            new Verdict.Rejected(
                Reason.IN_THE_FUTURE,
                "event_time",
                "2026-01-31T12:00:00.250Z is more than 5 minutes after it was received, at"
                    + " 2026-01-31T11:55:00.249999Z",
                Clicks.event("").indexOf("\"2026")));
  }

  @Test
  void takesHistoryAsReceivedWhenItHappened() {
    byte[] event = Clicks.event("").replace("2026", "9999").getBytes(UTF_8);
    assertThat(decoder.decode(event, 0, event.length, EventDecoder.AT_EVENT_TIME))
        .isEqualTo(Verdict.ACCEPTED);
    assertThat(decoder.receivedMicros()).isEqualTo(decoder.eventTimeMicros());
  }
}
