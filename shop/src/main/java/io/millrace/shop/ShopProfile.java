package io.millrace.shop;

import io.millrace.core.MillraceException;
import java.util.List;
import java.util.stream.Stream;

/**
 * How large a shop is and how dirty its events are. Shares are of all events, from 0 to 1.
 *
 * @param people how many browsers visit; some come far more often than others
 * @param products how many products the catalogue has; few of them sell most
 * @param bots how many scrapers there are; one at a time is at work
 * @param scraped share of the visits' clicks that the bots make
 * @param repeated share of events that are sent a second time
 * @param late share of events that are sent long after they happened: of all visits, this share is
 *     made offline
 * @param malformed share of events that break their contract
 * @param returned share of fresh orders of which a line is sent back
 * @param flaws the ways in which malformed events break their contract
 */
public record ShopProfile(
    int people,
    int products,
    int bots,
    double scraped,
    double repeated,
    double late,
    double malformed,
    double returned,
    List<Flaw> flaws) {

  private static final List<Flaw> ANY =
      Stream.of(Flaw.values()).filter(flaw -> flaw != Flaw.NONE).toList();

  /** A shop whose events are sent as they happen. */
  public static final ShopProfile LIVE =
      new ShopProfile(20_000, 2_000, 5, 0.02, 0.01, 0.01, 0.005, 0.08, ANY);

  /**
   * A shop whose events are loaded as history, which counts them as received when they happened: so
   * none can be late or from the future.
   */
  public static final ShopProfile HISTORY =
      new ShopProfile(
          20_000,
          2_000,
          5,
          0.02,
          0.01,
          0,
          0.005,
          0.08,
          ANY.stream().filter(flaw -> flaw != Flaw.IN_THE_FUTURE).toList());

  public ShopProfile {
    flaws = List.copyOf(flaws);
    requireCount("people", people, 10_000_000);
    requireCount("products", products, 99_999);
    requireCount("bots", bots, 250);
    requireShare("scraped", scraped);
    requireShare("repeated", repeated);
    requireShare("late", late);
    requireShare("malformed", malformed);
    requireShare("returned", returned);
    if (repeated + late + malformed > 0.9) {
      throw MillraceException.caller(
          "Cannot simulate a shop: repeated, late and malformed are %s of its events; at most 0.9"
              .formatted(repeated + late + malformed));
    }
    if (flaws.isEmpty() || flaws.contains(Flaw.NONE)) {
      throw MillraceException.caller(
          "Cannot simulate a shop: flaws are %s; name at least one that is not none"
              .formatted(flaws));
    }
  }

  /** The same shop, whose events all come once, in time and whole. */
  public ShopProfile spotless() {
    return dirty(0, 0, 0);
  }

  /** The same shop with other shares of dirt. */
  public ShopProfile dirty(double repeated, double late, double malformed) {
    return new ShopProfile(
        people, products, bots, scraped, repeated, late, malformed, returned, flaws);
  }

  private static void requireCount(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw MillraceException.caller(
          "Cannot simulate a shop: %s is %d; from 1 to %d".formatted(name, value, most));
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw MillraceException.caller(
          "Cannot simulate a shop: %s is %s; from 0 to 1".formatted(name, value));
    }
  }
}
