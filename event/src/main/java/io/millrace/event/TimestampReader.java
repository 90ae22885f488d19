package io.millrace.event;

/** Instants, with a zone. */
final class TimestampReader extends TextReader {

  TimestampReader(EventBytes event, JsonScanner json) {
    super("timestamp", event, json);
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
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
  }
}
