package io.millrace.event;

import static io.millrace.event.EventBytes.FAILED;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Checks JSON (RFC 8259, nothing beyond it) and finds where its values end. Everything takes the
 * position of a value's first byte and returns the position after it, or {@code FAILED}.
 */
final class JsonScanner {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final EventBytes event;
  private final NumberReader numbers;
  private final NamesSeen names;
  private int objects;

  /** Whether the string that {@link #string} found last holds escapes. */
  private boolean escaped;

  /** The text that {@link #text} found last: these bytes of the event or of the scratch buffer. */
  byte[] text;

  int textFrom;
  int textLength;

  JsonScanner(EventBytes event) {
    this.event = event;
    this.text = event.bytes;
    this.numbers = new NumberReader(event);
    this.names = new NamesSeen(event);
  }

  /** Forgets the previous event. */
  void begin() {
    names.clear();
    objects = 0;
  }

  NumberReader numbers() {
    return numbers;
  }

  /** A number for an object, to tell its names from those of others. */
  int nextObject() {
    return objects++;
  }

  /** Passes over any value, checking it in full. */
  int skip(int at) {
    return switch (event.byteAt(at)) {
      case '"' -> string(at);
      case '{' -> skipObject(at);
      case '[' -> skipArray(at);
      case 't', 'f' -> bool(at);
      case 'n' -> nullValue(at);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbers.scan(at);
      default -> event.unexpected(at, "a value");
    };
  }

  int nullValue(int at) {
    return event.isAt(at, NULL) ? at + NULL.length : event.unexpected(at, "a value");
  }

  int bool(int at) {
    if (event.isAt(at, TRUE)) {
      return at + TRUE.length;
    }
    return event.isAt(at, FALSE) ? at + FALSE.length : event.unexpected(at, "a value");
  }

  private int skipObject(int at) {
    if (!event.open(at)) {
      return FAILED;
    }
    int object = nextObject();
    int next = event.skipSpace(at + 1);
    if (event.byteAt(next) == '}') {
      event.close();
      return next + 1;
    }
    while (true) {
      int nameEnd = name(next);
      if (nameEnd < 0) {
        return FAILED;
      }
      event.path[event.depth] = next;
      if (!names.add(object, text, textFrom, textLength)) {
        return event.duplicate();
      }
      int value = colon(nameEnd);
      int valueEnd = value < 0 ? FAILED : skip(value);
      if (valueEnd < 0) {
        return FAILED;
      }
      next = event.skipSpace(valueEnd);
      byte b = event.byteAt(next);
      if (b == '}') {
        event.close();
        return next + 1;
      }
      if (b != ',') {
        return event.unexpected(next, "',' or '}'");
      }
      next = event.skipSpace(next + 1);
    }
  }

  private int skipArray(int at) {
    if (!event.open(at)) {
      return FAILED;
    }
    int next = event.skipSpace(at + 1);
    if (event.byteAt(next) == ']') {
      event.close();
      return next + 1;
    }
    for (int index = 0; ; index++) {
      event.path[event.depth] = ~index;
      int valueEnd = skip(next);
      if (valueEnd < 0) {
        return FAILED;
      }
      next = event.skipSpace(valueEnd);
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

  /** Reads a member's name as {@link #text} does. */
  int name(int at) {
    return event.byteAt(at) == '"' ? text(at) : event.unexpected(at, "a field's name in quotes");
  }

  /** From the end of a name to the value after its colon. */
  int colon(int at) {
    int colon = event.skipSpace(at);
    if (event.byteAt(colon) != ':') {
      return event.unexpected(colon, "':'");
    }
    return event.skipSpace(colon + 1);
  }

  /** Notes a name that the contract does not know; false if the object has had it before. */
  boolean isFirst(int object) {
    return names.add(object, text, textFrom, textLength);
  }

  /** Passes over a string and says where its bytes are, with escapes resolved. */
  int text(int at) {
    int after = string(at);
    if (after < 0) {
      return FAILED;
    }
    if (escaped) {
      text = event.scratch;
      textFrom = event.scratchEnd;
      event.scratchEnd = Escapes.resolve(event.bytes, at + 1, after - 1, text, textFrom);
      textLength = event.scratchEnd - textFrom;
    } else {
      text = event.bytes;
      textFrom = at + 1;
      textLength = after - at - 2;
    }
    return after;
  }

  boolean isTextInScratch() {
    return escaped;
  }

  /** Gives back the room of a text that was only needed to be looked at. */
  void releaseText() {
    if (escaped) {
      event.scratchEnd = textFrom;
    }
  }

  /** Passes over a string, eight bytes at a time where they are plain. */
  private int string(int at) {
    byte[] bytes = event.bytes;
    int end = event.end;
    escaped = false;
    int next = at + 1;
    while (true) {
      while (next <= end - Long.BYTES) {
        long special = special((long) WORDS.get(bytes, next));
        if (special != 0) {
          next += Long.numberOfTrailingZeros(special) >>> 3;
          break;
        }
        next += Long.BYTES;
      }
      if (next >= end) {
        return event.unexpected(end, "'\"' at the end of the string");
      }
      byte b = bytes[next];
      if (b == '"') {
        return next + 1;
      }
      if (b == '\\') {
        escaped = true;
        next = Escapes.check(event, next);
      } else if (b < 0) {
        next = beyondAscii(bytes, next, end);
      } else if (b < ' ') {
        return event.malformed(
            Reason.BAD_JSON, next, "Control character 0x%02X is not escaped".formatted(b));
      } else {
        next++;
      }
      if (next < 0) {
        return FAILED;
      }
    }
  }

  /**
   * Marks, with the top bit of its byte, the first byte that is a quote, a backslash, a control
   * character or beyond ASCII. Bytes after the first may be marked without cause: a subtraction
   * borrows from the next byte only where its own is marked.
   */
  private static long special(long word) {
    long control = word - ONES * ' ';
    long quote = (word ^ ONES * '"') - ONES;
    long backslash = (word ^ ONES * '\\') - ONES;
    return (word | control | quote | backslash) & (ONES << 7);
  }

  private int beyondAscii(byte[] bytes, int at, int end) {
    int next = at;
    while (next < end && bytes[next] < 0) {
      int length = Utf8.sequence(bytes, next, end);
      if (length == 0) {
        return event.badEncoding(next);
      }
      next += length;
    }
    return next;
  }
}
