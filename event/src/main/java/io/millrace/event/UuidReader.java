package io.millrace.event;

/** Uuids in their canonical form of 36 characters, hexadecimal digits in either case. */
final class UuidReader extends TextReader {

  private static final int TEXT_LENGTH = 36;

  UuidReader(EventBytes event, JsonScanner json) {
    super("uuid", event, json);
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    json.releaseText();
    if (json.textLength != TEXT_LENGTH || !store(json.text, json.textFrom, row, position)) {
      wrongType(at, end);
    }
  }

  private boolean store(byte[] text, int from, EventRow row, int position) {
    boolean hasDashes =
        text[from + 8] == '-'
            && text[from + 13] == '-'
            && text[from + 18] == '-'
            && text[from + 23] == '-';
    long first = digits(text, from, 8);
    long second = digits(text, from + 9, 4);
    long third = digits(text, from + 14, 4);
    long fourth = digits(text, from + 19, 4);
    long fifth = digits(text, from + 24, 12);
    if (!hasDashes || (first | second | third | fourth | fifth) < 0) {
      return false;
    }
    int target = event.scratchEnd;
    EventRow.BIG_ENDIAN.set(event.scratch, target, (first << 32) | (second << 16) | third);
    EventRow.BIG_ENDIAN.set(event.scratch, target + Long.BYTES, (fourth << 48) | fifth);
    event.scratchEnd = target + 2 * Long.BYTES;
    row.setBytes(position, EventRow.IN_SCRATCH, target, 2 * Long.BYTES);
    return true;
  }

  /** Negative if one of these is no hexadecimal digit. */
  private static long digits(byte[] text, int from, int count) {
    long value = 0;
    int seen = 0;
    for (int i = from; i < from + count; i++) {
      int digit = Escapes.hex(text[i]);
      seen |= digit;
      value = (value << 4) | (digit & 0xf);
    }
    return seen < 0 ? -1 : value;
  }
}
