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

  /** An event for which a batch has no room left, and what was remarked about it. */
  static final class Carried {
    private final byte[] event;
    private final long line;
    private Optional<String> remark = Optional.empty();

    private Carried(byte[] event, long line) {
      this.event = event;
      this.line = line;
    }
  }

  private static final int FULL_BYTES = 2 << 20;
  private static final int FULL_EVENTS = 10_000;

  /** What ends an array. */
  private static final int CLOSING_BYTES = 1;

  private final Framing framing;
  private final int maxEventBytes;
  private final int maxBytes;
  private final List<TooLarge> tooLarge = new ArrayList<>();
  private final Map<Integer, String> remarks = new HashMap<>();
  private byte[] bytes = new byte[FULL_BYTES + (64 << 10)];
  private int length;
  private int start;
  private long[] lines = new long[1_024];
  private int count;
  private boolean overflown;
  private Optional<Carried> carried = Optional.empty();

  /**
   * An empty batch.
   *
   * @param maxEventBytes events beyond this are left out and listed in {@link #tooLarge}
   * @param maxBytes of the body; an event that does not fit is for the next batch
   */
  Batch(Framing framing, int maxEventBytes, int maxBytes) {
    this.framing = framing;
    this.maxEventBytes = maxEventBytes;
    this.maxBytes = maxBytes;
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
    return carried.isPresent()
        || length >= Math.min(FULL_BYTES, maxBytes)
        || count >= FULL_EVENTS
        || tooLarge.size() >= FULL_EVENTS;
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
    if (count > 0 && length + CLOSING_BYTES > maxBytes) {
      // Without the sign between it and the event before.
      byte[] event = Arrays.copyOfRange(bytes, start + 1, length);
      carried = Optional.of(new Carried(event, line));
      length = start;
      return;
    }
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
    }
    lines[count++] = line;
  }

  /** The event that found no room, which is for the next batch. */
  Optional<Carried> takeCarried() {
    Optional<Carried> taken = carried;
    carried = Optional.empty();
    return taken;
  }

  /** Puts in what found no room in the batch before. */
  void put(Carried event) {
    begin();
    put(event.event);
    end(event.line);
    event.remark.ifPresent(this::remark);
  }

  /** Takes back the event that has begun. */
  void abandon() {
    length = start;
  }

  /** Says about the last event what only the file shows. */
  void remark(String remark) {
    if (carried.isPresent()) {
      carried.get().remark = Optional.of(remark);
    } else {
      remarks.put(count - 1, remark);
    }
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
