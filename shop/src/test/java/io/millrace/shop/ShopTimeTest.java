package io.millrace.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShopTimeTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private Instant clock = NOON;

  private static String text(ShopEvent event) {
    return new String(event.json(), UTF_8);
  }

  @Test
  void passesEvenlyWithTheEvents() {
    ShopTime time = ShopTime.steady(NOON, 4);

    assertThat(time.microsAt(0)).isEqualTo(NOON.toEpochMilli() * 1_000);
    assertThat(time.microsAt(3) - time.microsAt(0)).isEqualTo(750_000);
  }

  @Test
  void livesByTheClockAndNeverGoesBack() {
    Shop shop = new Shop(1, ShopProfile.LIVE.spotless(), ShopTime.live(() -> clock, 100));

    assertThat(text(shop.next())).contains("\"event_time\":\"2026-03-01T12:00:00.000000Z\"");
    clock = NOON.plusMillis(61_500);
    assertThat(text(shop.next())).contains("\"event_time\":\"2026-03-01T12:01:01.500000Z\"");
    clock = NOON;
    assertThat(text(shop.next())).contains("\"event_time\":\"2026-03-01T12:01:01.500000Z\"");
  }
}
