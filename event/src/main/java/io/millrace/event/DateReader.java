package io.millrace.event;

/** Days of the calendar. */
final class DateReader extends TextReader {

  DateReader(EventBytes event, JsonScanner json) {
    super("date", event, json);
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    long days = CalendarText.days(json.text, json.textFrom, json.textLength);
    json.releaseText();
    if (days == CalendarText.OTHER_FORM) {
      wrongType(at, end);
    } else if (days == CalendarText.NO_SUCH_TIME) {
      outOfRange(at, end);
    } else {
      row.setNumber(position, days);
    }
  }
}
