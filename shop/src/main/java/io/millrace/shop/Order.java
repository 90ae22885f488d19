package io.millrace.shop;

import java.util.Arrays;

/**
 * An order and its lines, as they are sent one after the other.
 *
 * @param id 64 bits, unique within a shop
 * @param delayMicros how long before it is sent it was placed; above 0 only if offline
 */
@SuppressWarnings("ArrayRecordComponent") // read only, on the hot path
record Order(
    long id,
    int person,
    long session,
    int payment,
    int[] products,
    int[] quantities,
    long delayMicros) {

  static Order of(Visit visit, long id, int payment) {
    return new Order(
        id,
        visit.person,
        visit.session,
        payment,
        Arrays.copyOf(visit.cartProducts, visit.cartLines),
        Arrays.copyOf(visit.cartQuantities, visit.cartLines),
        visit.delayMicros);
  }

  int lines() {
    return products.length;
  }

  long pence(int line, Catalogue catalogue) {
    return (long) quantities[line] * catalogue.product(products[line]).pence();
  }

  long pence(Catalogue catalogue) {
    long total = 0;
    for (int line = 0; line < lines(); line++) {
      total += pence(line, catalogue);
    }
    return total;
  }
}
