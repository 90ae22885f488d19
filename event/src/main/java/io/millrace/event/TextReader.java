package io.millrace.event;

/** Values that JSON writes as strings. */
abstract class TextReader extends ValueReader {

  TextReader(String type, EventBytes event, JsonScanner json) {
    super(type, event, json);
  }

  @Override
  final int read(int at, EventRow row, int position) {
    if (event.byteAt(at) != '"') {
      return wrongType(at);
    }
    int end = json.text(at);
    if (end >= 0) {
      take(at, end, row, position);
    }
    return end;
  }

  /**
   * Takes the text that {@code json} found last into a position of the row, or notes how it breaks
   * the contract.
   *
   * @param at where the string begins in the event
   * @param end where it ends
   */
  abstract void take(int at, int end, EventRow row, int position);
}
