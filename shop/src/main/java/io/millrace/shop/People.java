package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import java.util.List;

/**
 * Who visits: each person is a number, and all that is known of a person follows from it and the
 * seed, so that people cost no memory. Their addresses are from the range kept for benchmarks.
 */
final class People {

  private static final String[] COUNTRIES = {"GB", "DE", "FR", "US", "NL", "IE", "ES", "IT", "SE"};
  private static final String[] LANGUAGES = {
    "en-GB", "de-DE", "fr-FR", "en-US", "nl-NL", "en-IE", "es-ES", "it-IT", "sv-SE"
  };
  private static final double[] COUNTRY_TOTALS = {45, 57, 67, 76, 82, 88, 93, 97, 100};

  private record Device(String text, List<String> userAgents) {}

  private static final Device DESKTOP =
      new Device(
          "desktop",
          List.of(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/142.0.0.0 Safari/537.36",
              "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                  + " Version/18.5 Safari/605.1.15",
              "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"));
  private static final Device MOBILE =
      new Device(
          "mobile",
          List.of(
              "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
                  + " Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
              "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/142.0.0.0 Mobile Safari/537.36"));
  private static final Device TABLET =
      new Device(
          "tablet",
          List.of(
              "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                  + " Version/18.5 Mobile/15E148 Safari/604.1"));

  private static final byte[] USER = ascii("u-");

  private final long seed;
  private final int count;

  People(long seed, int count) {
    this.seed = Dice.mix(seed ^ 0x9E091E);
    this.count = count;
  }

  /** A visitor; those with small numbers come far more often than those with large ones. */
  int any(Dice dice) {
    double share = dice.share();
    return (int) (count * share * share);
  }

  /** Two letters, the same for every visit of a person. */
  byte[] country(int person) {
    return ascii(COUNTRIES[countryOf(person)]);
  }

  private int countryOf(int person) {
    return new Dice(seed + person).weighted(COUNTRY_TOTALS);
  }

  /** Writes the fields of a click that stay the same as long as a visit lasts. */
  void writeVisitor(int person, long session, boolean signedIn, JsonBytes out) {
    Dice traits = new Dice(seed + person);
    int country = traits.weighted(COUNTRY_TOTALS);
    double share = traits.share();
    Device device = share < 0.4 ? DESKTOP : share < 0.9 ? MOBILE : TABLET;
    String userAgent = device.userAgents().get(traits.below(device.userAgents().size()));
    int address = traits.below(1 << 16);
    boolean consent = traits.chance(0.8);
    out.put(ascii(",\"visitor_id\":\"v-")).hex(Dice.mix(seed + person));
    if (signedIn) {
      out.put(ascii("\",\"user_id\":\""));
      writeUser(person, out);
    }
    out.put(ascii("\",\"session_id\":\"s-")).hex(session);
    out.put(ascii("\",\"ip\":\"198.18.")).number(address >> 8).put('.').number(address & 255);
    out.put(ascii("\",\"user_agent\":\"")).put(ascii(userAgent));
    out.put(ascii("\",\"device\":\"")).put(ascii(device.text()));
    out.put(ascii("\",\"country\":\"")).put(ascii(COUNTRIES[country]));
    out.put(ascii("\",\"language\":\"")).put(ascii(LANGUAGES[country]));
    out.put(ascii("\",\"consent\":")).put(ascii(Boolean.toString(consent)));
  }

  static void writeUser(int person, JsonBytes out) {
    out.put(USER).padded(person + 1L, 7);
  }
}
