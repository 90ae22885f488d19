package io.millrace.boot.faults;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An event that keeps its contract, but for its id and its time, which are filled in when it is
 * sent: many are made by copying, at a cost that does not take the load away from the collector.
 */
final class EventPattern {

  static final String ID = "\"@millrace-id\"";
  static final String TIME = "\"@millrace-time\"";

  private final byte[] before;
  private final byte[] between;
  private final byte[] after;
  private final boolean idFirst;

  /** Takes JSON in a line that has both marks once. */
  EventPattern(String json) {
    int id = json.indexOf(ID);
    int time = json.indexOf(TIME);
    idFirst = id < time;
    int endOfFirst = idFirst ? id + ID.length() : time + TIME.length();
    int endOfSecond = idFirst ? time + TIME.length() : id + ID.length();
    before = bytes(json.substring(0, Math.min(id, time)));
    between = bytes(json.substring(endOfFirst, Math.max(id, time)));
    after = bytes(json.substring(endOfSecond));
  }

  void fill(String id, String time, ByteArrayOutputStream out) {
    out.writeBytes(before);
    quote(idFirst ? id : time, out);
    out.writeBytes(between);
    quote(idFirst ? time : id, out);
    out.writeBytes(after);
  }

  private static void quote(String text, ByteArrayOutputStream out) {
    out.write('"');
    out.writeBytes(bytes(text));
    out.write('"');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
