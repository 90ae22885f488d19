package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import io.millrace.shop.Catalogue.Product;
import io.millrace.shop.Catalogue.Search;
import io.millrace.shop.Visit.Click;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the shop's events as the JSON its contracts ask for. */
final class Scribe {

  static final int PAYMENTS = 4;
  static final int REASONS = 4;

  private static final Map<Click, byte[]> CLICKS = new EnumMap<>(Click.class);

  static {
    for (Click click : Click.values()) {
      CLICKS.put(click, ascii(click.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static final byte[][] PAYMENT_TEXTS =
      texts(Stream.of("card", "wallet", "bank_transfer", "invoice"));
  private static final byte[][] REASON_TEXTS =
      texts(Stream.of("damaged", "wrong_item", "not_as_described", "changed_mind"));

  private static final byte[] EVENT_ID = ascii("{\"event_id\":\"");
  private static final byte[] EVENT_TYPE = ascii("\",\"event_type\":\"");
  private static final byte[] EVENT_TIME = ascii("\",\"event_time\":\"");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] PAGE_URL = ascii(",\"page_url\":\"");
  private static final byte[] REFERRER = ascii("\",\"referrer\":\"");
  private static final byte[] LOAD_MS = ascii("\",\"load_ms\":");
  private static final byte[] QUERY = ascii(",\"query\":\"");
  private static final byte[] RESULTS = ascii("\",\"results\":");
  private static final byte[] ITEM = ascii(",\"item\":");
  private static final byte[] QUANTITY = ascii(",\"quantity\":");
  private static final byte[] PURCHASED = ascii(",\"order_id\":\"r-");
  private static final byte[] ORDER_ID = ascii("\",\"order_id\":\"r-");
  private static final byte[] USER_ID = ascii("\",\"user_id\":\"");
  private static final byte[] SESSION_ID = ascii("\",\"session_id\":\"s-");
  private static final byte[] COUNTRY = ascii("\",\"country\":\"");
  private static final byte[] PAYMENT = ascii("\",\"payment\":\"");
  private static final byte[] ITEM_COUNT = ascii("\",\"currency\":\"GBP\",\"item_count\":");
  private static final byte[] TOTAL = ascii(",\"total\":");
  private static final byte[] RETURN_ID = ascii("\",\"return_id\":\"b-");
  private static final byte[] LINE = ascii("\",\"line\":");
  private static final byte[] PRODUCT_ID = ascii(",\"product_id\":\"");
  private static final byte[] PRODUCT_NAME = ascii("\",\"product_name\":\"");
  private static final byte[] CATEGORY = ascii("\",\"category\":\"");
  private static final byte[] UNIT_PRICE = ascii(",\"unit_price\":");
  private static final byte[] AMOUNT = ascii(",\"amount\":");
  private static final byte[] REFUND = ascii(",\"refund\":");
  private static final byte[] REASON = ascii(",\"return_reason\":\"");

  private final Catalogue catalogue;
  private final People people;
  private final JsonBytes out = new JsonBytes();

  Scribe(Catalogue catalogue, People people) {
    this.catalogue = catalogue;
    this.people = people;
  }

  private static byte[][] texts(Stream<String> texts) {
    return texts.map(JsonBytes::ascii).toArray(byte[][]::new);
  }

  /** A click without what only some kinds of click have; {@link #end} ends it. */
  Scribe click(
      long idHigh,
      long idLow,
      Click type,
      long micros,
      byte[] visitor,
      byte[] url,
      byte[] referrer,
      int loadMillis) {
    out.clear().put(EVENT_ID).uuid(idHigh, idLow).put(EVENT_TYPE).put(CLICKS.get(type));
    out.put(EVENT_TIME).time(micros).put(QUOTE).put(visitor).put(PAGE_URL).put(url);
    out.put(REFERRER).put(referrer).put(LOAD_MS).number(loadMillis);
    return this;
  }

  Scribe withSearch(Search search) {
    out.put(QUERY).put(search.text()).put(RESULTS).number(search.found().length);
    return this;
  }

  Scribe withItem(int product, int quantity) {
    out.put(ITEM).put(catalogue.product(product).item()).put(QUANTITY).number(quantity).put('}');
    return this;
  }

  Scribe withOrder(long order) {
    out.put(PURCHASED).hex(order).put(QUOTE);
    return this;
  }

  byte[] end() {
    return out.put('}').toBytes();
  }

  byte[] order(long idHigh, long idLow, long micros, Order order) {
    out.clear().put(EVENT_ID).uuid(idHigh, idLow).put(ORDER_ID).hex(order.id());
    out.put(EVENT_TIME).time(micros).put(USER_ID);
    People.writeUser(order.person(), out);
    out.put(SESSION_ID).hex(order.session()).put(COUNTRY).put(people.country(order.person()));
    out.put(PAYMENT).put(PAYMENT_TEXTS[order.payment()]).put(ITEM_COUNT).number(order.lines());
    out.put(TOTAL).money(order.pence(catalogue));
    return end();
  }

  /** A line of an order; {@code line} counts from 0, in the event from 1. */
  byte[] item(long idHigh, long idLow, long micros, Order order, int line) {
    Product product = catalogue.product(order.products()[line]);
    out.clear().put(EVENT_ID).uuid(idHigh, idLow).put(ORDER_ID).hex(order.id());
    out.put(EVENT_TIME).time(micros).put(LINE).number(line + 1);
    out.put(PRODUCT_ID).put(product.idText()).put(PRODUCT_NAME).put(product.nameText());
    out.put(CATEGORY).put(product.category()).put(QUOTE);
    out.put(QUANTITY).number(order.quantities()[line]);
    out.put(UNIT_PRICE).money(product.pence()).put(AMOUNT).money(order.pence(line, catalogue));
    return end();
  }

  byte[] sentBack(long idHigh, long idLow, long micros, Return sentBack) {
    Product product = catalogue.product(sentBack.product());
    out.clear().put(EVENT_ID).uuid(idHigh, idLow).put(RETURN_ID).hex(Dice.mix(idHigh ^ idLow));
    out.put(ORDER_ID).hex(sentBack.order()).put(EVENT_TIME).time(micros);
    out.put(LINE).number(sentBack.line() + 1L).put(PRODUCT_ID).put(product.idText()).put(QUOTE);
    out.put(QUANTITY).number(sentBack.quantity());
    out.put(REFUND).money((long) sentBack.quantity() * product.pence());
    out.put(REASON).put(REASON_TEXTS[sentBack.reason()]).put(QUOTE);
    return end();
  }
}
