package io.millrace.event;

import java.util.Arrays;

/**
 * The bytes of the event at hand, where in its nesting the pass over them is, and what was found
 * wrong with it. One per decoder, shared by its readers.
 *
 * <p>Readers take a position in {@link #bytes} and return the position after what they read, or
 * {@link #FAILED} once the event cannot be JSON, which ends the pass. A breach of the contract does
 * not end it: whether the event is JSON at all is worth knowing first.
 */
final class EventBytes {

  /** In place of a position: the event is malformed, and {@link #verdict} says how. */
  static final int FAILED = -1;

  byte[] bytes = {};
  int start;
  int end;

  /**
   * Where strings go that cannot be read in place, because they held escapes, and uuids. Never
   * shorter than the event: what readers write here is never longer than what it was written from.
   */
  byte[] scratch = {};

  int scratchEnd;

  /** How many objects and arrays are open. */
  int depth;

  /**
   * For each open one, where its member's name begins, or the complement of its element's index.
   */
  final int[] path = new int[EventDecoder.MAX_DEPTH + 1];

  /** List elements kept so far. */
  int elements;

  /** Places for values in all rows that are kept for coming events. */
  int slots;

  /** Whether some object lacks a required field. */
  boolean lacksRequired;

  private Verdict verdict = Verdict.ACCEPTED;

  void begin(byte[] event, int from, int length) {
    bytes = event;
    start = from;
    end = from + length;
    int needed = length + 2 * Long.BYTES; // a derived id goes at the end
    if (scratch.length < needed) {
      scratch = new byte[Math.max(needed, 2 * scratch.length)];
    }
    scratchEnd = 0;
    depth = 0;
    elements = 0;
    lacksRequired = false;
    verdict = Verdict.ACCEPTED;
  }

  /** Keeps bytes that are not the event's own, and returns where in {@link #scratch}. */
  int keep(byte[] value, int length) {
    int at = scratchEnd;
    if (scratch.length - at < length) {
      scratch = Arrays.copyOf(scratch, 2 * (at + length));
    }
    System.arraycopy(value, 0, scratch, at, length);
    scratchEnd += length;
    return at;
  }

  Verdict verdict() {
    return verdict;
  }

  /** The byte at this position; 0, which no JSON holds, after the last. */
  byte byteAt(int at) {
    return at < end ? bytes[at] : 0;
  }

  /** The first position from {@code at} on that is not white space. */
  int skipSpace(int at) {
    // Most JSON is compact: anything above a blank settles it with one comparison.
    if (at < end && bytes[at] > ' ') {
      return at;
    }
    int next = at;
    while (next < end && isSpace(bytes[next])) {
      next++;
    }
    return next;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Enters an object or array that opens at this position; false if that is too deep. */
  boolean open(int at) {
    if (depth == EventDecoder.MAX_DEPTH) {
      malformed(
          Reason.TOO_DEEP,
          at,
          "Objects and arrays nest deeper than " + EventDecoder.MAX_DEPTH + " levels");
      return false;
    }
    depth++;
    return true;
  }

  void close() {
    depth--;
  }

  /** The event is not JSON; this outranks any breach of its contract. */
  int malformed(Reason reason, int at, String detail) {
    verdict = new Verdict.Rejected(reason, "", Sentences.cut(detail), at - start);
    return FAILED;
  }

  /** Something else was expected at this position, which may be the end. */
  int unexpected(int at, String expected) {
    if (at >= end) {
      return malformed(Reason.BAD_JSON, end, "Expected " + expected + ", but the event ends");
    }
    if (bytes[at] < 0 && Utf8.sequence(bytes, at, end) == 0) {
      return badEncoding(at);
    }
    String found = Sentences.characterAt(bytes, at, end);
    return malformed(Reason.BAD_JSON, at, "Expected " + expected + ", but found " + found);
  }

  int badEncoding(int at) {
    return malformed(
        Reason.BAD_ENCODING,
        at,
        "What begins with byte 0x%02X is not a UTF-8 character".formatted(bytes[at] & 0xff));
  }

  /** An object has the name at {@code path[depth]} twice. */
  int duplicate() {
    return duplicate("The field is there a second time");
  }

  int duplicate(String detail) {
    int at = path[depth];
    String field = Sentences.path(bytes, path, depth);
    verdict = new Verdict.Rejected(Reason.DUPLICATE_FIELD, field, detail, at - start);
    return FAILED;
  }

  /**
   * The value in {@code [at, to)} breaks the contract. Only the first breach is kept.
   *
   * @param sentence goes on after the value: " is not of type int"
   */
  void breach(Reason reason, int at, int to, String sentence) {
    if (verdict == Verdict.ACCEPTED) {
      String detail = Sentences.excerpt(bytes, at, to) + sentence;
      String field = Sentences.path(bytes, path, depth);
      verdict = new Verdict.Rejected(reason, field, Sentences.cut(detail), at - start);
    }
  }

  /** A breach that is found after the pass. */
  void breach(Reason reason, String field, int at, String detail) {
    if (verdict == Verdict.ACCEPTED) {
      verdict = new Verdict.Rejected(reason, field, Sentences.cut(detail), at - start);
    }
  }

  /** Whether these bytes stand at this position. */
  boolean isAt(int at, byte[] expected) {
    int length = expected.length;
    return end - at >= length && Arrays.equals(bytes, at, at + length, expected, 0, length);
  }
}
