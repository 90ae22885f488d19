package io.millrace.shop;

/** A line of an order, or some of its pieces, on the way back. {@code line} counts from 0. */
record Return(long order, int line, int product, int quantity, int reason) {

  static Return of(Order order, Dice dice) {
    int line = dice.below(order.lines());
    return new Return(
        order.id(),
        line,
        order.products()[line],
        1 + dice.below(order.quantities()[line]),
        dice.below(Scribe.REASONS));
  }
}
