package io.millrace.shop;

import io.millrace.shop.Catalogue.Search;
import io.millrace.shop.Visit.Click;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A shop that lives as fast as it is asked: {@link #next} is the next thing that happens in it, as
 * the JSON that is sent. Seed, profile and time alone decide every byte. What it sends hangs
 * together: a purchase is followed by its order, the order by its lines, whose sum is its total;
 * what comes back was ordered. Malformed events come in addition and stand for nothing, so that
 * what is left when they are taken out is still whole; a late visit is late with its order.
 *
 * <p>Not safe for use by several threads.
 */
public final class Shop {

  /** Events that happened longer before they are sent are late. */
  public static final Duration LATENESS = Duration.ofMinutes(10);

  /** About the share of clicks among all events, so that no stream is mostly dirt. */
  private static final double MALFORMED_CLICKS = 0.97;

  private static final long MIN_DELAY_MICROS = 15 * 60_000_000L;
  private static final int DELAY_MINUTES = 6 * 60;
  private static final long BOT_TURN_MICROS = 120 * 1_000_000L;
  private static final int REPEATED_WITHIN_SECONDS = 120;
  private static final int SECONDS_PER_CLICK = 6;
  private static final int MAX_VISITS = 8_192;
  private static final int MAX_REACH = 1 << 17;
  private static final ShopStream[] STREAMS = ShopStream.values();

  private final ShopProfile profile;
  private final ShopTime time;
  private final Dice dice;
  private final Catalogue catalogue;
  private final People people;
  private final List<Bot> bots;
  private final byte[][] botVisitors;
  private final int[] botProducts;
  private final Scribe scribe;
  private final Tally tally;
  private final JsonBytes scratch = new JsonBytes();

  private final double repeatChance;
  private final double lateVisitChance;
  private final double malformedChance;

  private final Visit[] visits;
  private final Later<ShopEvent> repeats;
  private final Later<Return> returns;
  private final Deque<Return> dueReturns = new ArrayDeque<>();

  private final long idSeed;
  private long events;
  private long ids;
  private long orders;
  private long now = Long.MIN_VALUE;
  private long idHigh;
  private long idLow;

  /** The order whose events are being sent, and its next: the order itself, then its lines. */
  private Order open;

  private int openLine;

  public Shop(long seed, ShopProfile profile, ShopTime time) {
    this.profile = profile;
    this.time = time;
    dice = new Dice(seed);
    catalogue = new Catalogue(seed, profile.products());
    people = new People(seed, profile.people());
    bots = Bot.of(seed, profile.bots());
    botVisitors = bots.stream().map(Bot::visitor).toArray(byte[][]::new);
    botProducts = new int[bots.size()];
    scribe = new Scribe(catalogue, people);
    tally = new Tally(seed, catalogue, bots);
    idSeed = Dice.mix(seed ^ 0x1D);
    repeatChance =
        profile.repeated() / (1 - profile.repeated() - profile.late() - profile.malformed());
    malformedChance = profile.malformed() / (1 - profile.repeated());
    // Bots are never offline, so people are a little more often.
    lateVisitChance =
        profile.late()
            / ((1 - profile.repeated() - profile.malformed())
                * Math.max(0.1, 1 - profile.scraped()));
    double rate = time.eventsPerSecond();
    visits = new Visit[(int) Math.max(16, Math.min(MAX_VISITS, rate * SECONDS_PER_CLICK))];
    for (int i = 0; i < visits.length; i++) {
      visits[i] = new Visit();
    }
    int reach = (int) Math.max(64, Math.min(MAX_REACH, rate * REPEATED_WITHIN_SECONDS));
    repeats = new Later<>(reach);
    returns = new Later<>(reach);
  }

  /** The next {@code count} events. */
  public List<ShopEvent> nextBatch(int count) {
    List<ShopEvent> batch = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      batch.add(next());
    }
    return batch;
  }

  /** What must be found where the events so far, and no others, have been sent. */
  public Truth truth() {
    return tally.truth();
  }

  /** Whether an order has been begun whose lines are still to come. */
  public boolean insideOrder() {
    return open != null;
  }

  /** The next event, in the order in which they are sent. */
  public ShopEvent next() {
    long event = events++;
    now = Math.max(now, time.microsAt(event));
    Return due = returns.take(event);
    if (due != null) {
      dueReturns.add(due);
    }
    ShopEvent repeat = repeats.take(event);
    if (repeat != null) {
      tally.count(repeat.stream(), Fate.REPEATED, Flaw.NONE);
      return new ShopEvent(
          repeat.stream(),
          repeat.json(),
          Fate.REPEATED,
          Flaw.NONE,
          repeat.idHigh(),
          repeat.idLow());
    }
    newId();
    if (dice.chance(malformedChance)) {
      return malformed();
    }
    if (open != null) {
      return openLine < 0 ? order() : item();
    }
    // Only between orders, so that what comes back was ordered before, line by line.
    if (!dueReturns.isEmpty()) {
      return sentBack(dueReturns.remove());
    }
    return dice.chance(profile.scraped()) ? botClick() : visitClick();
  }

  private void newId() {
    long id = ids++;
    // The bits that say "a random uuid".
    idHigh = (Dice.mix(idSeed + 2 * id) & ~0xF000L) | 0x4000L;
    idLow = (Dice.mix(idSeed + 2 * id + 1) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
  }

  private ShopEvent emit(ShopStream stream, byte[] json, Fate fate) {
    tally.count(stream, fate, Flaw.NONE);
    ShopEvent event = new ShopEvent(stream, json, fate, Flaw.NONE, idHigh, idLow);
    if (fate == Fate.FRESH && dice.chance(repeatChance)) {
      repeats.put(events + dice.below(repeats.reach()), event, events - 1);
    }
    return event;
  }

  private ShopEvent visitClick() {
    Visit visit = visits[dice.below(visits.length)];
    if (!visit.over()) {
      visit.step(catalogue, people, dice, scratch);
    }
    if (visit.over()) {
      begin(visit, dice.chance(lateVisitChance) ? delay() : 0);
      visit.step(catalogue, people, dice, scratch);
    }
    Fate fate = visit.delayMicros > 0 ? Fate.LATE : Fate.FRESH;
    tally.click(visit.click, fate);
    return emit(ShopStream.CLICKS, write(visit), fate);
  }

  private void begin(Visit visit, long delay) {
    visit.begin(people.any(dice), dice.next(), delay, people, dice, scratch);
  }

  private long delay() {
    return MIN_DELAY_MICROS + dice.below(DELAY_MINUTES) * 60_000_000L;
  }

  private byte[] write(Visit visit) {
    long micros = now - visit.delayMicros;
    write(visit.click, micros, visit.visitor, visit.url, visit.referrer);
    switch (visit.click) {
      case SEARCH -> scribe.withSearch(visit.search);
      case PRODUCT_VIEW, ADD_TO_CART -> scribe.withItem(visit.product, visit.quantity);
      case PURCHASE -> {
        open = Order.of(visit, Dice.mix(idSeed ^ orders++), dice.below(Scribe.PAYMENTS));
        openLine = -1;
        scribe.withOrder(open.id());
      }
      case PAGE_VIEW, CHECKOUT, LEAVE -> {}
    }
    return scribe.end();
  }

  private void write(Click click, long micros, byte[] visitor, byte[] url, byte[] referrer) {
    int loadMillis = 80 + dice.below(400) + dice.below(400);
    scribe.click(idHigh, idLow, click, micros, visitor, url, referrer, loadMillis);
  }

  private ShopEvent botClick() {
    int bot = (int) Math.floorMod(Math.floorDiv(now, BOT_TURN_MICROS), (long) bots.size());
    Click click = dice.chance(0.9) ? Click.PRODUCT_VIEW : Click.SEARCH;
    byte[] home = Visit.HOME;
    if (click == Click.SEARCH) {
      Search search = catalogue.anySearch(dice);
      write(click, now, botVisitors[bot], search.url(), home);
      scribe.withSearch(search);
    } else {
      int product = botProducts[bot]++ % catalogue.size();
      write(click, now, botVisitors[bot], catalogue.product(product).url(), home);
      scribe.withItem(product, 1);
    }
    tally.click(click, Fate.FRESH);
    return emit(ShopStream.CLICKS, scribe.end(), Fate.FRESH);
  }

  private ShopEvent order() {
    Fate fate = fateOf(open);
    openLine = 0;
    tally.order(fate, open.pence(catalogue));
    if (fate == Fate.FRESH && dice.chance(profile.returned())) {
      returns.put(events + dice.below(returns.reach()), Return.of(open, dice), events - 1);
    }
    byte[] json = scribe.order(idHigh, idLow, now - open.delayMicros(), open);
    return emit(ShopStream.ORDERS, json, fate);
  }

  private ShopEvent item() {
    Order order = open;
    int line = openLine++;
    if (openLine == order.lines()) {
      open = null;
    }
    Fate fate = fateOf(order);
    long micros = now - order.delayMicros();
    tally.item(
        fate,
        order.products()[line],
        order.quantities()[line],
        order.pence(line, catalogue),
        micros);
    return emit(ShopStream.ORDER_ITEMS, scribe.item(idHigh, idLow, micros, order, line), fate);
  }

  private static Fate fateOf(Order order) {
    return order.delayMicros() > 0 ? Fate.LATE : Fate.FRESH;
  }

  private ShopEvent sentBack(Return sentBack) {
    tally.sentBack((long) sentBack.quantity() * catalogue.product(sentBack.product()).pence());
    byte[] json = scribe.sentBack(idHigh, idLow, now, sentBack);
    return emit(ShopStream.RETURNS, json, Fate.FRESH);
  }

  /** An event that looks like the others and has one flaw. */
  private ShopEvent malformed() {
    ShopStream stream = dice.chance(MALFORMED_CLICKS) ? ShopStream.CLICKS : dice.pick(STREAMS);
    Flaw flaw = profile.flaws().get(dice.below(profile.flaws().size()));
    byte[] json = flaw.spoil(stream, stray(stream));
    tally.count(stream, Fate.MALFORMED, flaw);
    return new ShopEvent(stream, json, Fate.MALFORMED, flaw, idHigh, idLow);
  }

  /** An event of a visit or an order that there never was. */
  private byte[] stray(ShopStream stream) {
    int[] one = {1};
    int[] product = {catalogue.any(dice)};
    Order order = new Order(dice.next(), people.any(dice), dice.next(), 0, product, one, 0);
    return switch (stream) {
      case CLICKS -> {
        Visit visit = new Visit();
        begin(visit, 0);
        visit.step(catalogue, people, dice, scratch);
        yield write(visit);
      }
      case ORDERS -> scribe.order(idHigh, idLow, now, order);
      case ORDER_ITEMS -> scribe.item(idHigh, idLow, now, order, 0);
      case RETURNS -> scribe.sentBack(idHigh, idLow, now, Return.of(order, dice));
    };
  }
}
