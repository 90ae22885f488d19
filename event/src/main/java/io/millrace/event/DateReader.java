package io.millrace.event;

/** Days of the calendar. */
final class DateReader extends ValueReader {

  DateReader(EventBytes event, JsonScanner json) {
    super("date", event, json);
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
    long days = CalendarText.days(json.text, json.textFrom, json.textLength);
    json.releaseText();
    if (days == CalendarText.OTHER_FORM) {
      wrongType(at, end);
    } else if (days == CalendarText.NO_SUCH_TIME) {
      outOfRange(at, end);
    } else {
      row.setNumber(position, days);
    }
    return end;
  }
}
