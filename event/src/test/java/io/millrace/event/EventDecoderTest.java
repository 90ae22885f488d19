package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

  private final EventDecoder decoder = new EventDecoder(Clicks.contract(), 1 << 20);

  private Verdict decode(String event) {
    byte[] bytes = event.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS);
  }

  private EventRow accepted(String members) {
    assertThat(decode(Clicks.event(members))).isEqualTo(Verdict.ACCEPTED);
    return decoder.row();
  }

  static String text(Row row, int position) {
    return new String(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position), UTF_8);
  }

  private int at(String field) {
    return Clicks.contract().position(field);
  }

  @Test
  void readsTheRequiredFieldsAndLeavesTheOthersNull() {
    EventRow row = accepted("");
    assertThat(text(row, at("event_type"))).isEqualTo("search");
    assertThat(row.longAt(at("event_time"))).isEqualTo(Clicks.TIME_MICROS);
    assertThat(decoder.eventTimeMicros()).isEqualTo(Clicks.TIME_MICROS);
    assertThat(decoder.idHigh()).isEqualTo(0x0190f6a27c1b7d3eL);
    assertThat(decoder.idLow()).isEqualTo(0x9a4f2b6c8d0e1f23L);
    assertThat(row.lengthAt(at("event_id"))).isEqualTo(16);
    for (int position = 3; position < row.size(); position++) {
      assertThat(row.isNull(position)).isTrue();
    }
  }

  @Test
  void readsScalarsAsTheirTypes() {
    EventRow row =
        accepted(
            """
            "flag":true,"int":-2147483648,"long":9223372036854775807,"double":-0.5e-3,
            "money":12.5,"wide":-1234567890123456789012345678.0123456789,
            "day":"1969-12-31","seen":"2026-01-31 12:00:00.25+00:30","share":0.1\
            """);
    assertThat(row.longAt(at("flag"))).isEqualTo(1);
    assertThat(row.longAt(at("int"))).isEqualTo(Integer.MIN_VALUE);
    assertThat(row.longAt(at("long"))).isEqualTo(Long.MAX_VALUE);
    assertThat(row.doubleAt(at("double"))).isEqualTo(-0.0005);
    assertThat(row.longAt(at("money"))).isEqualTo(1250);
    assertThat(row.decimalAt(at("money"))).isEqualTo(new BigDecimal("12.50"));
    assertThat(row.decimalAt(at("wide")))
        .isEqualTo(new BigDecimal("-1234567890123456789012345678.0123456789"));
    assertThat(LocalDate.ofEpochDay(row.longAt(at("day")))).isEqualTo("1969-12-31");
    assertThat(Instant.EPOCH.plus(row.longAt(at("seen")), ChronoUnit.MICROS))
        .isEqualTo("2026-01-31T11:30:00.25Z");
    assertThat(row.doubleAt(at("share"))).isEqualTo(0.1);
  }

  @Test
  void readsStringsInPlaceAndResolvesEscapes() {
    EventRow row =
        accepted("\"user_id\":\"Zoë\",\"tags\":[\"a\\u0000\\n\\uD83D\\uDE00\",null,\"\"]");
    assertThat(text(row, at("user_id"))).isEqualTo("Zoë");
    assertThat(text(row, decoder.keyPosition())).isEqualTo("Zoë");
    Row tags = row.rowAt(at("tags"));
    assertThat(tags.size()).isEqualTo(3);
    assertThat(text(tags, 0)).isEqualTo("a\0\n😀");
    assertThat(tags.isNull(1)).isTrue();
    assertThat(tags.isNull(2)).isFalse();
    assertThat(tags.lengthAt(2)).isZero();
  }

  @Test
  void readsStructsAndLists() {
    EventRow row =
        accepted(
            """
            "item":{"quantity":2.0,"product_id":"p1"},
            "items":[{"product_id":"p2","price":1},null,{"price":null,"product_id":"p3"}],
            "grid":[[1,2],[],[3e2]]\
            """);
    Row item = row.rowAt(at("item"));
    assertThat(text(item, 0)).isEqualTo("p1");
    assertThat(item.isNull(1)).isTrue();
    assertThat(item.longAt(2)).isEqualTo(2);
    Row items = row.rowAt(at("items"));
    assertThat(items.size()).isEqualTo(3);
    assertThat(items.rowAt(0).longAt(1)).isEqualTo(100);
    assertThat(items.isNull(1)).isTrue();
    assertThat(text(items.rowAt(2), 0)).isEqualTo("p3");
    Row grid = row.rowAt(at("grid"));
    assertThat(grid.rowAt(0).longAt(1)).isEqualTo(2);
    assertThat(grid.rowAt(1).size()).isZero();
    assertThat(grid.rowAt(2).longAt(0)).isEqualTo(300);
  }
}
