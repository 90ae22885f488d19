package io.millrace.event;

/** {@code true} and {@code false}. */
final class BooleanReader extends ValueReader {

  BooleanReader(EventBytes event, JsonScanner json) {
    super("boolean", event, json);
  }

  @Override
  int read(int at, EventRow row, int position) {
    byte first = event.byteAt(at);
    if (first != 't' && first != 'f') {
      return wrongType(at);
    }
    int end = json.bool(at);
    if (end >= 0) {
      row.setNumber(position, first == 't' ? 1 : 0);
    }
    return end;
  }
}
