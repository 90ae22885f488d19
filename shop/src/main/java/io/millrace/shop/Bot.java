package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;

/**
 * A scraper: it goes through the catalogue product by product, and never buys. Some say what they
 * are, some say they are a browser. Their addresses are from the range kept for documentation.
 */
public record Bot(String visitorId, String ip, String userAgent) {

  private static final List<String> USER_AGENTS =
      List.of(
          "python-requests/2.32.5",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/142.0.0.0 Safari/537.36",
          "Scrapy/2.13.3 (+https://scrapy.org)",
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " HeadlessChrome/142.0.0.0 Safari/537.36",
          "Go-http-client/2.0");

  static List<Bot> of(long seed, int count) {
    List<Bot> bots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String visitor = new String(new JsonBytes().hex(Dice.mix(~seed + i)).toBytes(), US_ASCII);
      bots.add(
          new Bot("v-" + visitor, "203.0.113." + (i + 1), USER_AGENTS.get(i % USER_AGENTS.size())));
    }
    return List.copyOf(bots);
  }

  /** The fields of a click that stay the same for all of the bot's clicks. */
  byte[] visitor() {
    return ascii(
        """
        ,"visitor_id":"%s","session_id":"s-%s","ip":"%s","user_agent":"%s","device":"desktop",\
        "country":"NL","language":"en-US","consent":false"""
            .formatted(visitorId, visitorId.substring(2), ip, userAgent));
  }
}
