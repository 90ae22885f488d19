package io.millrace.collect.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of one request: events as the file has them, and the line of the file that each began
 * on. Its buffers are reused for the next batch.
 */
public final class Batch {

  /** How the events of a body are told apart. */
  public enum Framing {
    LINES("application/x-ndjson"),
    /** For events that may have newlines inside. */
    ARRAY("application/json");

    private final String contentType;

    Framing(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }
  }

  /**
   * An event that was not sent, because no request may be as large as it is.
   *
   * @param line where it began in the file
   */
  public record TooLarge(long line) {}

  private static final int FULL_BYTES = 2 << 20;
  private static final int FULL_EVENTS = 10_000;

  private final Framing framing;
  private final int maxEventBytes;
  private final List<TooLarge> tooLarge = new ArrayList<>();
  private final Map<Integer, String> remarks = new HashMap<>();
  private byte[] bytes = new byte[FULL_BYTES + (64 << 10)];
  private int length;
  private int start;
  private long[] lines = new long[1_024];
  private int count;
  private boolean overflown;

  /**
   * An empty batch.
   *
   * @param maxEventBytes events beyond this are left out and listed in {@link #tooLarge}
   */
  Batch(Framing framing, int maxEventBytes) {
    this.framing = framing;
    this.maxEventBytes = maxEventBytes;
  }

  void clear() {
    length = 0;
    count = 0;
    tooLarge.clear();
    remarks.clear();
    if (framing == Framing.ARRAY) {
      bytes[length++] = '[';
    }
  }

  /** True when another event would make the request larger than is good. */
  boolean isFull() {
    return length >= FULL_BYTES || count >= FULL_EVENTS || tooLarge.size() >= FULL_EVENTS;
  }

  /** Begins an event; what is put from here to {@link #end} is its bytes. */
  void begin() {
    start = length;
    overflown = false;
    if (count > 0) {
      append(framing == Framing.ARRAY ? ',' : '\n');
    }
  }

  void put(int value) {
    if (length - start > maxEventBytes) {
      overflown = true;
    } else {
      append(value);
    }
  }

  void put(byte[] values) {
    for (byte value : values) {
      put(value);
    }
  }

  private void append(int value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) value;
  }

  /** Ends the event that began on this line of the file. */
  void end(long line) {
    if (overflown) {
      length = start;
      tooLarge.add(new TooLarge(line));
      return;
    }
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
    }
    lines[count++] = line;
  }

  /** Takes back the event that has begun. */
  void abandon() {
    length = start;
  }

  /** Says about the last event what only the file shows. */
  void remark(String remark) {
    remarks.put(count - 1, remark);
  }

  void seal() {
    if (framing == Framing.ARRAY) {
      append(']');
    }
  }

  public Framing framing() {
    return framing;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0 && tooLarge.isEmpty();
  }

  /** The line of the file on which the event of this index began. */
  public long line(int index) {
    return lines[index];
  }

  /** What the file shows about the event of this index, and its bytes do not. */
  public Optional<String> remark(int index) {
    return Optional.ofNullable(remarks.get(index));
  }

  public List<TooLarge> tooLarge() {
    return List.copyOf(tooLarge);
  }
}
