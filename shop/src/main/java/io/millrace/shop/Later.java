package io.millrace.shop;

/**
 * Things to be sent again after a number of further events: a ring with one place an event. What
 * finds its place taken goes to the next free one; when all are taken it is not sent.
 */
final class Later<T> {

  private final Object[] ring;
  private final int mask;

  /**
   * @param reach how many events ahead a thing may be put
   */
  Later(int reach) {
    ring = new Object[Integer.highestOneBit(Math.max(reach, 2) - 1) << 1];
    mask = ring.length - 1;
  }

  int reach() {
    return mask;
  }

  /**
   * @param at the number of an event after the present one, within reach
   */
  void put(long at, T thing, long present) {
    for (long place = at; place < present + ring.length; place++) {
      if (ring[(int) place & mask] == null) {
        ring[(int) place & mask] = thing;
        return;
      }
    }
  }

  /** Takes what was put for this event out, or null: called for each event, so no Optional. */
  @SuppressWarnings("unchecked")
  T take(long event) {
    int place = (int) event & mask;
    Object thing = ring[place];
    ring[place] = null;
    return (T) thing;
  }
}
