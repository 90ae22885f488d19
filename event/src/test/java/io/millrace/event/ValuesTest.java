package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values at the edges of their types, and random ones against BigDecimal, Double and java.time. */
class ValuesTest {

  private final EventDecoder decoder = new EventDecoder(Clicks.contract(), 1 << 20);
  private final RandomEvents events = new RandomEvents(3);

  private Verdict decode(String field, String value) {
    byte[] bytes = Clicks.event("\"%s\":%s".formatted(field, value)).getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS);
  }

  private EventRow accepted(String field, String value) {
    assertThat(decode(field, value)).as(field + " " + value).isEqualTo(Verdict.ACCEPTED);
    return decoder.row();
  }

  private void rejected(String field, String value, Reason reason) {
    assertThat(decode(field, value))
        .as(field + " " + value)
        .isInstanceOfSatisfying(
            Verdict.Rejected.class, verdict -> assertThat(verdict.reason()).isEqualTo(reason));
  }

  private static int at(String field) {
    return Clicks.contract().position(field);
  }

  @ParameterizedTest
  @CsvSource({
    "int, -0, 0",
    "int, 2.0, 2",
    "int, 2e0, 2",
    "int, 20e-1, 2",
    "int, 0.2E+1, 2",
    "int, 2147483647, 2147483647",
    "int, 2147483647.000000000000000000000000, 2147483647",
    "int, 0e999999999999999999, 0",
    "int, -0.000000000000000000000000000e-400000000, 0",
    "long, -9223372036854775808, -9223372036854775808",
    "long, 9223372036854775807.0, 9223372036854775807",
    "long, 922337203685477580700e-2, 9223372036854775807",
    "long, 0.00000000000000000000000001e26, 1",
    "money, 9999999999.99, 999999999999",
    "money, -9999999999.99, -999999999999",
    "money, 1.5000000000000000000000000, 150",
    "money, 1e9, 100000000000",
    "money, 125e-2, 125",
    "money, 0.0000, 0",
    "money, 0e400000000, 0",
    "flag, false, 0",
    "count, -3, -3",
    "count, 10, 10"
  })
  void readsNumbersExactly(String field, String text, long value) {
    assertThat(accepted(field, text).longAt(at(field))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "0.1",
        "1e22",
        "1e23",
        "9007199254740993",
        "9007199254740993e-5",
        "123456789012345678",
        "0.30000000000000004",
        "4.9e-324",
        "2.4703282292062328e-324",
        "2.2250738585072012e-308",
        "2.2250738585072014E-308",
        "1.7976931348623157e+308",
        "1e-400",
        "1e-400000000",
        "0e400000000",
        "179769313486231570000000000000000000000000000000000000000000000000000e239"
      })
  void readsTheNearestDouble(String text) {
    assertThat(accepted("double", text).doubleAt(at("double"))).isEqualTo(Double.parseDouble(text));
  }

  @Test
  void readsRandomNumbersAsBigDecimalDoes() {
    for (int i = 0; i < 20_000; i++) {
      int scale = events.random.nextInt(50) - 10;
      BigInteger digits = new BigInteger(events.random.nextInt(140), events.random);
      BigDecimal value =
          new BigDecimal(events.random.nextBoolean() ? digits : digits.negate(), scale);
      String text = events.number(value);
      checkInteger("int", text, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      checkInteger("long", text, value, Long.MIN_VALUE, Long.MAX_VALUE);
      checkDecimal("money", text, value, 12, 2);
      checkDecimal("wide", text, value, 38, 10);
      assertThat(accepted("double", text).doubleAt(at("double")))
          .isEqualTo(Double.parseDouble(text));
    }
  }

  private void checkInteger(String field, String text, BigDecimal value, long min, long max) {
    if (value.signum() != 0 && value.stripTrailingZeros().scale() > 0) {
      rejected(field, text, Reason.WRONG_TYPE);
    } else if (value.compareTo(BigDecimal.valueOf(min)) < 0
        || value.compareTo(BigDecimal.valueOf(max)) > 0) {
      rejected(field, text, Reason.OUT_OF_RANGE);
    } else {
      assertThat(accepted(field, text).longAt(at(field))).isEqualTo(value.longValueExact());
    }
  }

  private void checkDecimal(String field, String text, BigDecimal value, int precision, int scale) {
    boolean isExact = value.signum() == 0 || value.stripTrailingZeros().scale() <= scale;
    if (isExact && value.setScale(scale).precision() <= precision) {
      assertThat(accepted(field, text).decimalAt(at(field))).isEqualTo(value.setScale(scale));
    } else {
      rejected(field, text, Reason.OUT_OF_RANGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "9999-12-31"})
  void readsDays(String day) {
    assertThat(accepted("day", '"' + day + '"').longAt(at("day")))
        .isEqualTo(LocalDate.parse(day).toEpochDay());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
    "2026-01-31t12:00:00z, 2026-01-31T12:00:00Z",
    "2026-01-31 12:00:00Z, 2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00.1Z, 2026-01-31T12:00:00.1Z",
    "2026-01-31T12:00:00.123456000Z, 2026-01-31T12:00:00.123456Z",
    "2026-01-31T12:00:00.123456999Z, 2026-01-31T12:00:00.123456Z",
    "2026-01-31T00:00:00+23:59, 2026-01-30T00:01:00Z",
    "2026-12-31T23:59:59.999999-00:01, 2027-01-01T00:00:59.999999Z",
    "2026-01-31T12:00:00-00:00, 2026-01-31T12:00:00Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void readsInstants(String text, Instant instant) {
    assertThat(accepted("seen", '"' + text + '"').longAt(at("seen"))).isEqualTo(micros(instant));
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  @Test
  void readsRandomInstantsAsTheCalendarDoes() {
    for (int i = 0; i < 20_000; i++) {
      String text =
          "%04d-%02d-%02dT%02d:%02d:%02d.%dZ"
              .formatted(
                  1 + events.random.nextInt(9998),
                  events.random.nextInt(14),
                  events.random.nextInt(33),
                  events.random.nextInt(25),
                  events.random.nextInt(61),
                  events.random.nextInt(61),
                  events.random.nextInt(1_000_000));
      try {
        // Of 24:00 java.time makes the next day; RFC 3339 does not have it.
        OffsetDateTime expected = OffsetDateTime.parse(text.replace("T24:", "T25:"));
        assertThat(accepted("seen", '"' + text + '"').longAt(at("seen")))
            .isEqualTo(micros(expected.toInstant()));
      } catch (DateTimeException e) {
        rejected("seen", '"' + text + '"', Reason.OUT_OF_RANGE);
      }
    }
  }

  @Test
  void readsTextsThroughTheirEscapes() {
    assertThat(accepted("day", "\"2026\\u002d01-31\"").longAt(at("day")))
        .isEqualTo(LocalDate.parse("2026-01-31").toEpochDay());
    assertThat(accepted("\\u0069nt", "7").longAt(at("int"))).isEqualTo(7);
  }

  @Test
  void readsUuidsInEitherCase() {
    String event =
        Clicks.event("").replace(Clicks.EVENT_ID, Clicks.EVENT_ID.toUpperCase(Locale.ROOT));
    byte[] bytes = event.replace("0190F6A2", "\\u0030190F6A2").getBytes(UTF_8);
    assertThat(decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS))
        .isEqualTo(Verdict.ACCEPTED);
    EventRow row = decoder.row();
    assertThat(HexFormat.of().formatHex(row.bytesAt(0), row.offsetAt(0), row.offsetAt(0) + 16))
        .isEqualTo(Clicks.EVENT_ID.replace("-", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "long, 258, 0000000000000102",
    "double, 1, 3ff0000000000000",
    "flag, true, 0000000000000001",
    "money, -1.5, ffffffffffffffffffffffffffffff6a"
  })
  void showsNumbersAsBytesForKeys(String field, String text, String hex) {
    EventRow row = accepted(field, text);
    byte[] bytes = row.bytesAt(at(field));
    int from = row.offsetAt(at(field));
    assertThat(HexFormat.of().formatHex(bytes, from, from + row.lengthAt(at(field))))
        .isEqualTo(hex);
  }
}
