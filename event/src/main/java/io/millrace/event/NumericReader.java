package io.millrace.event;

/** Values that JSON writes as numbers. */
abstract class NumericReader extends ValueReader {

  final NumberReader numbers;

  NumericReader(String type, EventBytes event, JsonScanner json) {
    super(type, event, json);
    numbers = json.numbers();
  }

  @Override
  final int read(int at, EventRow row, int position) {
    byte first = event.byteAt(at);
    if (first != '-' && (first < '0' || first > '9')) {
      return wrongType(at);
    }
    int end = numbers.scan(at);
    if (end >= 0) {
      take(at, end, row, position);
    }
    return end;
  }

  /**
   * Takes the number that {@code numbers} scanned last into a position of the row, or notes how it
   * breaks the contract.
   *
   * @param at where the number begins in the event
   * @param end where it ends
   */
  abstract void take(int at, int end, EventRow row, int position);
}
