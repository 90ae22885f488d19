package io.millrace.event;

/** Instants, with a zone. */
final class TimestampReader extends ValueReader {

  TimestampReader(EventBytes event, JsonScanner json) {
    super("timestamp", event, json);
  }

  @Override
  int read(int at, EventRow row, int position) {
    if (event.byteAt(at) != '"') {
      return wrongType(at);
    }
    int end = json.text(at);
    if (end < 0) {
      return end;
    }
    long micros = CalendarText.micros(json.text, json.textFrom, json.textLength);
    json.releaseText();
    if (micros == CalendarText.OTHER_FORM) {
      wrongType(at, end);
    } else if (micros == CalendarText.NO_SUCH_TIME) {
      outOfRange(at, end);
    } else {
      row.setNumber(position, micros);
      row.highs[position] = at;
    }
    return end;
  }
}
