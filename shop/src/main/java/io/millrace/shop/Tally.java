package io.millrace.shop;

import io.millrace.shop.Truth.Counts;
import io.millrace.shop.Truth.Revenue;
import io.millrace.shop.Truth.Sales;
import io.millrace.shop.Visit.Click;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what a shop sends, as it is sent; {@link #truth} is how it stands. */
@SuppressWarnings("EnumOrdinal") // arrays by enum: it counts every event
final class Tally {

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int FATES = Fate.values().length;
  private static final int FLAWS = Flaw.values().length;

  private final long seed;
  private final Catalogue catalogue;
  private final List<Bot> bots;

  private final long[][] counts = new long[ShopStream.values().length][FATES];
  private final long[][] flaws = new long[ShopStream.values().length][FLAWS];
  private final long[] clicks = new long[Click.values().length];
  private final long[] orders = new long[FATES];
  private final long[] orderPence = new long[FATES];
  private final long[] items = new long[FATES];
  private final long[] units = new long[FATES];
  private final long[] itemPence = new long[FATES];
  private long returns;
  private long refundPence;

  /** Pence of fresh and of late lines. */
  private final SortedMap<Long, long[]> byDay = new TreeMap<>();

  private final long[][] byProduct;

  Tally(long seed, Catalogue catalogue, List<Bot> bots) {
    this.seed = seed;
    this.catalogue = catalogue;
    this.bots = bots;
    byProduct = new long[catalogue.size()][FATES];
  }

  void count(ShopStream stream, Fate fate, Flaw flaw) {
    counts[stream.ordinal()][fate.ordinal()]++;
    if (flaw != Flaw.NONE) {
      flaws[stream.ordinal()][flaw.ordinal()]++;
    }
  }

  void click(Click click, Fate fate) {
    if (fate == Fate.FRESH) {
      clicks[click.ordinal()]++;
    }
  }

  void order(Fate fate, long pence) {
    orders[fate.ordinal()]++;
    orderPence[fate.ordinal()] += pence;
  }

  void item(Fate fate, int product, int quantity, long pence, long micros) {
    items[fate.ordinal()]++;
    units[fate.ordinal()] += quantity;
    itemPence[fate.ordinal()] += pence;
    byProduct[product][fate.ordinal()] += pence;
    byDay
            .computeIfAbsent(Math.floorDiv(micros, DAY_MICROS), day -> new long[FATES])[
            fate.ordinal()] +=
        pence;
  }

  void sentBack(long pence) {
    returns++;
    refundPence += pence;
  }

  Truth truth() {
    SortedMap<String, Revenue> days = new TreeMap<>();
    byDay.forEach((day, pence) -> days.put(LocalDate.ofEpochDay(day).toString(), revenue(pence)));
    SortedMap<String, Revenue> products = new TreeMap<>();
    for (int i = 0; i < byProduct.length; i++) {
      Revenue revenue = revenue(byProduct[i]);
      if (revenue.freshPence() + revenue.latePence() > 0) {
        products.put(catalogue.product(i).id(), revenue);
      }
    }
    SortedMap<String, Counts> streams = new TreeMap<>();
    for (ShopStream stream : ShopStream.values()) {
      streams.put(stream.toString(), counts(stream));
    }
    SortedMap<String, Long> clicksByType = new TreeMap<>();
    for (Click click : Click.values()) {
      if (click != Click.LEAVE) {
        clicksByType.put(click.name().toLowerCase(Locale.ROOT), clicks[click.ordinal()]);
      }
    }
    return new Truth(
        seed, streams, clicksByType, sales(Fate.FRESH), sales(Fate.LATE), days, products, bots);
  }

  private static Revenue revenue(long[] pence) {
    return new Revenue(pence[Fate.FRESH.ordinal()], pence[Fate.LATE.ordinal()]);
  }

  private Counts counts(ShopStream stream) {
    SortedMap<String, Long> byFlaw = new TreeMap<>();
    for (Flaw flaw : Flaw.values()) {
      long count = flaws[stream.ordinal()][flaw.ordinal()];
      if (count > 0) {
        byFlaw.put(flaw.toString(), count);
      }
    }
    long[] count = counts[stream.ordinal()];
    return new Counts(
        count[Fate.FRESH.ordinal()],
        count[Fate.REPEATED.ordinal()],
        count[Fate.LATE.ordinal()],
        count[Fate.MALFORMED.ordinal()],
        byFlaw);
  }

  private Sales sales(Fate fate) {
    int i = fate.ordinal();
    boolean fresh = fate == Fate.FRESH;
    return new Sales(
        orders[i],
        orderPence[i],
        items[i],
        units[i],
        itemPence[i],
        fresh ? returns : 0,
        fresh ? refundPence : 0);
  }
}
