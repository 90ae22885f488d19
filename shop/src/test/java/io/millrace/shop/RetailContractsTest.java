package io.millrace.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict;
import io.millrace.event.Verdict.Rejected;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Repository;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shop and the project that it writes for agree on what an event is. */
class RetailContractsTest {

  private static final Instant START = Instant.parse("2026-03-01T22:30:00Z");
  private static final long START_MICROS = START.toEpochMilli() * 1_000;
  private static final long EVENT_MICROS = 20_000;

  private final Project retail =
      ProjectReader.load(Repository.here().root().resolve("packs/retail"));
  private final Map<ShopStream, EventDecoder> decoders = decoders();

  private Map<ShopStream, EventDecoder> decoders() {
    Map<ShopStream, EventDecoder> decoders = new EnumMap<>(ShopStream.class);
    for (ShopStream stream : ShopStream.values()) {
      decoders.put(stream, new EventDecoder(contract(stream), retail.settings().maxEventBytes()));
    }
    return decoders;
  }

  private StreamContract contract(ShopStream stream) {
    return retail.streams().get(stream.toString());
  }

  @Test
  void readsTheRetailProjectWithoutAMistake() {
    assertThat(retail.name()).isEqualTo("retail");
    assertThat(retail.streams())
        .containsOnlyKeys(
            "clicks", "orders", "order_items", "returns", "closings", "invoice_lines");
    assertThat(retail.models().values())
        .hasSizeGreaterThanOrEqualTo(7)
        .allSatisfy(model -> assertThat(model.description()).isNotBlank())
        .filteredOn(model -> !model.isSeed())
        .allSatisfy(model -> assertThat(model.sql()).contains("Grain:", "Owner:"));
  }

  @Test
  void meansTheSameByLateAsTheContracts() {
    assertThat(ShopStream.values())
        .allSatisfy(stream -> assertThat(contract(stream).lateness()).isEqualTo(Shop.LATENESS));
  }

  @Test
  void isAcceptedUnlessMalformedAndThenRejectedForItsFlaw() {
    Shop shop =
        new Shop(
            11,
            ShopProfile.LIVE.dirty(0.05, 0.05, 0.1),
            ShopTime.steady(START, 1_000_000.0 / EVENT_MICROS));
    for (int n = 0; n < 50_000; n++) {
      ShopEvent event = shop.next();
      EventDecoder decoder = decoders.get(event.stream());
      Verdict verdict =
          decoder.decode(event.json(), 0, event.json().length, START_MICROS + n * EVENT_MICROS);
      String text = event.stream() + " " + new String(event.json(), UTF_8);
      if (event.flaw() == Flaw.NONE) {
        assertThat(verdict).as(text).isEqualTo(Verdict.ACCEPTED);
        assertThat(decoder.idHigh()).isEqualTo(event.idHigh());
        assertThat(decoder.idLow()).isEqualTo(event.idLow());
        assertThat(isLate(decoder, n)).isEqualTo(event.fate() == Fate.LATE);
      } else {
        assertThat(verdict).as(text).isInstanceOf(Rejected.class);
        assertThat(((Rejected) verdict).reason()).as(text).hasToString(event.flaw().toString());
      }
    }
  }

  private static boolean isLate(EventDecoder decoder, int n) {
    long ageMicros = START_MICROS + n * EVENT_MICROS - decoder.eventTimeMicros();
    return ageMicros > Shop.LATENESS.toMillis() * 1_000;
  }
}
