package io.millrace.event;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Optional;

/**
 * What is known of a key by one event: the row that bronze has of it, as JSON, and its version.
 * Whoever has seen several keeps the one of the highest version, in whatever order they came and
 * however often: so it does no harm to be told twice, or late.
 *
 * @param key as text; any, the empty one too
 * @param json empty if there is no row of the key any longer, which has a version as well, so that
 *     an older one does not bring it back
 */
public record LiveRow(String key, Version version, Optional<String> json) {

  /**
   * How new a row is. No two rows of a stream have the same, and a record that is read again has
   * the one it had.
   *
   * @param eventTimeMicros microseconds since 1970
   */
  public record Version(long eventTimeMicros, int partition, long offset)
      implements Comparable<Version> {

    /** How many bytes one takes. */
    public static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;

    private static final Comparator<Version> ORDER =
        Comparator.comparingLong(Version::eventTimeMicros)
            .thenComparingInt(Version::partition)
            .thenComparingLong(Version::offset);

    @Override
    public int compareTo(Version other) {
      return ORDER.compare(this, other);
    }

    /** Adds it to a buffer, big-endian. */
    public void write(ByteBuffer to) {
      to.putLong(eventTimeMicros).putInt(partition).putLong(offset);
    }

    /** Takes one from a buffer. */
    public static Version read(ByteBuffer from) {
      return new Version(from.getLong(), from.getInt(), from.getLong());
    }
  }

  /** The row of a key. */
  public static LiveRow of(String key, Version version, String json) {
    return new LiveRow(key, version, Optional.of(json));
  }

  /** That a key has no row any longer. */
  public static LiveRow gone(String key, Version version) {
    return new LiveRow(key, version, Optional.empty());
  }
}
