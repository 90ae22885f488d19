package io.millrace.event;

import io.millrace.project.Field;

/** Strings, which stay where they are unless they hold escapes. */
final class StringReader extends TextReader {

  private final int maxLength;
  private final String tooLong;
  private final boolean isListed;
  private final TextTable oneOf;
  private final String notListed;

  StringReader(Field field, EventBytes event, JsonScanner json) {
    super(field.type().words(), event, json);
    maxLength = field.maxLength();
    tooLong = " is longer than " + maxLength + " bytes";
    isListed = !field.oneOf().isEmpty();
    oneOf = new TextTable(field.oneOf());
    notListed = " is not one of " + String.join(", ", field.oneOf());
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    int length = json.textLength;
    if (length > maxLength) {
      notAllowed(at, end, tooLong);
    } else if (isListed && oneOf.find(json.text, json.textFrom, length) < 0) {
      notAllowed(at, end, notListed);
    } else {
      byte state = json.isTextInScratch() ? EventRow.IN_SCRATCH : EventRow.IN_EVENT;
      row.setBytes(position, state, json.textFrom, length);
    }
  }
}
