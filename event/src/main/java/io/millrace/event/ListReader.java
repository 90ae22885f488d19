package io.millrace.event;

import static io.millrace.event.EventBytes.FAILED;

import io.millrace.project.Type;

/** Arrays whose elements all have one type; elements may be null. */
final class ListReader extends ValueReader {

  private final ValueReader elements;
  private final int[] scale;

  ListReader(Type.ListOf type, ValueReader elements, EventBytes event, JsonScanner json) {
    super(type.words(), event, json);
    this.elements = elements;
    this.scale = new int[] {DecimalReader.scale(type.element())};
  }

  @Override
  int read(int at, EventRow row, int position) {
    if (event.byteAt(at) != '[') {
      return wrongType(at);
    }
    if (!event.open(at)) {
      return FAILED;
    }
    if (row.rows[position] == null) {
      row.rows[position] = new EventRow(event, 0, scale);
    }
    EventRow list = row.rows[position];
    list.resize(0);
    row.states[position] = EventRow.NESTED;
    int next = event.skipSpace(at + 1);
    if (event.byteAt(next) == ']') {
      event.close();
      return next + 1;
    }
    for (int index = 0; ; index++) {
      event.path[event.depth] = ~index;
      int end = readElement(next, list, index);
      if (end < 0) {
        return FAILED;
      }
      next = event.skipSpace(end);
      byte b = event.byteAt(next);
      if (b == ']') {
        event.close();
        return next + 1;
      }
      if (b != ',') {
        return event.unexpected(next, "',' or ']'");
      }
      next = event.skipSpace(next + 1);
    }
  }

  private int readElement(int at, EventRow list, int index) {
    if (event.elements == EventDecoder.MAX_ELEMENTS) {
      int end = json.skip(at);
      if (end >= 0) {
        notAllowed(at, end, " is beyond the limit of " + EventDecoder.MAX_ELEMENTS + " elements");
      }
      return end;
    }
    event.elements++;
    list.resize(index + 1);
    list.states[index] = EventRow.NULL;
    return event.byteAt(at) == 'n' ? json.nullValue(at) : elements.read(at, list, index);
  }

  @Override
  boolean noteMissing(EventRow row, int position, String path) {
    if (row.isNull(position)) {
      return false;
    }
    EventRow list = row.rowAt(position);
    for (int i = 0; i < list.size(); i++) {
      if (elements.noteMissing(list, i, path + "[" + i + "]")) {
        return true;
      }
    }
    return false;
  }
}
