package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import io.millrace.shop.Catalogue.Search;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One visit of one person, a click at a time: it comes in, looks around, perhaps fills a cart, and
 * leaves or pays. When it has left, the next person's visit begins in its place.
 */
final class Visit {

  /** What a click is; the name in lower case is its {@code event_type}. */
  enum Click {
    PAGE_VIEW,
    SEARCH,
    PRODUCT_VIEW,
    ADD_TO_CART,
    CHECKOUT,
    PURCHASE,
    /** No click: the visit is over. */
    LEAVE
  }

  private static final Click[] CLICKS = Click.values();

  /** After each click, running totals of the chances of each {@link Click} that may follow it. */
  private static final Map<Click, double[]> NEXT =
      new EnumMap<>(
          Map.of(
              Click.PAGE_VIEW, new double[] {0.25, 0.45, 0.80, 0.80, 0.80, 0.80, 1},
              Click.SEARCH, new double[] {0.10, 0.25, 0.80, 0.80, 0.80, 0.80, 1},
              Click.PRODUCT_VIEW, new double[] {0.17, 0.30, 0.66, 0.75, 0.75, 0.75, 1},
              Click.ADD_TO_CART, new double[] {0.10, 0.20, 0.65, 0.65, 0.90, 0.90, 1},
              Click.CHECKOUT, new double[] {0.15, 0.15, 0.15, 0.15, 0.15, 0.80, 1},
              Click.PURCHASE, new double[] {0, 0, 0, 0, 0, 0, 1},
              // What a visit begins with.
              Click.LEAVE, new double[] {0.60, 0.72, 1, 1, 1, 1, 1}));

  /** The same after a look at a product by who has something in the cart already. */
  private static final double[] NEXT_OF_BUYER = {0.08, 0.15, 0.45, 0.75, 0.90, 0.90, 1};

  static final int MAX_LINES = 6;

  private static final List<byte[]> ORIGINS =
      List.of(
          ascii("https://www.search.example/"),
          ascii("https://news.example/"),
          ascii("https://mail.example/"),
          ascii("https://social.example/feed"));
  static final byte[] HOME = ascii("https://shop.example/");
  private static final byte[] CHECKOUT_URL = ascii("https://shop.example/checkout");
  private static final byte[] THANKS_URL = ascii("https://shop.example/thanks");

  final int[] cartProducts = new int[MAX_LINES];
  final int[] cartQuantities = new int[MAX_LINES];
  int cartLines;

  int person;
  long session;

  /** How long before it is sent each event of an offline visit happened; else 0. */
  long delayMicros;

  /** The fields of a click that stay the same, as JSON. */
  byte[] visitor;

  Click click = Click.LEAVE;
  byte[] url;
  byte[] referrer;
  Search search;
  int product;
  int quantity;

  private boolean signedIn;

  /** Whether the last click was the end, so that the next person may come. */
  boolean over() {
    return click == Click.LEAVE;
  }

  void begin(
      int visitor, long newSession, long delay, People people, Dice dice, JsonBytes scratch) {
    person = visitor;
    session = newSession;
    delayMicros = delay;
    signedIn = dice.chance(0.4);
    cartLines = 0;
    search = null;
    referrer = ORIGINS.get(dice.below(ORIGINS.size()));
    url = null;
    click = Click.LEAVE;
    describe(people, scratch);
  }

  private void describe(People people, JsonBytes scratch) {
    people.writeVisitor(person, session, signedIn, scratch.clear());
    visitor = scratch.toBytes();
  }

  /** Makes the next click, or leaves. */
  void step(Catalogue catalogue, People people, Dice dice, JsonBytes scratch) {
    Click last = click;
    boolean buyer = last == Click.PRODUCT_VIEW && cartLines > 0;
    click = CLICKS[dice.weighted(buyer ? NEXT_OF_BUYER : NEXT.get(last))];
    byte[] before = url;
    switch (click) {
      case PAGE_VIEW -> url = dice.chance(0.3) ? HOME : catalogue.anyCategoryUrl(dice);
      case SEARCH -> {
        search = catalogue.anySearch(dice);
        url = search.url();
      }
      case PRODUCT_VIEW -> view(last, catalogue, dice);
      case ADD_TO_CART -> add(dice);
      case CHECKOUT -> {
        url = CHECKOUT_URL;
        if (!signedIn) {
          signedIn = true;
          describe(people, scratch);
        }
      }
      case PURCHASE -> url = THANKS_URL;
      case LEAVE -> {}
    }
    if (before != null) {
      referrer = before;
    }
  }

  private void view(Click last, Catalogue catalogue, Dice dice) {
    boolean found = last == Click.SEARCH && search.found().length > 0;
    product = found ? search.found()[dice.below(search.found().length)] : catalogue.any(dice);
    quantity = 1;
    url = catalogue.product(product).url();
  }

  private void add(Dice dice) {
    quantity = dice.chance(0.7) ? 1 : 2 + dice.below(4);
    for (int line = 0; line < cartLines; line++) {
      if (cartProducts[line] == product) {
        cartQuantities[line] += quantity;
        return;
      }
    }
    if (cartLines == MAX_LINES) {
      click = Click.PRODUCT_VIEW;
      return;
    }
    cartProducts[cartLines] = product;
    cartQuantities[cartLines++] = quantity;
  }
}
