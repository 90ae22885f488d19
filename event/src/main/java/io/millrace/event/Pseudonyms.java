package io.millrace.event;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import net.openhft.hashing.LongHashFunction;

/**
 * Gives values pseudonyms: the first 128 bits of HMAC-SHA-256 (RFC 2104) of a value's bytes under
 * the project's key. The same value has the same one in all streams, so that they can be joined;
 * without the key nobody can try values until one fits.
 *
 * <p>Each time a person is erased their values get others, from where the topics ended then: what
 * comes later cannot be joined with a copy of what was there before. For one thread.
 */
public final class Pseudonyms {

  private static final LongHashFunction HASH = LongHashFunction.xx3();

  /** A power of two. Those of values that come again soon need no HMAC. */
  private static final int REMEMBERED = 1 << 12;

  private final Mac mac;
  private final byte[][] values = new byte[REMEMBERED][];
  private final Pseudonym[] firsts = new Pseudonym[REMEMBERED];
  private Map<Pseudonym, List<Cut>> erased = Map.of();

  /** Where a person was erased: whether a record lies behind that. */
  public interface Cut {
    boolean isBefore(int partition, long offset);
  }

  /**
   * @param mac keyed; this owns it
   */
  Pseudonyms(Mac mac) {
    this.mac = mac;
  }

  /** Who has been erased, by the pseudonym their value had at first; each with every cut. */
  public void erased(Map<Pseudonym, List<Cut>> people) {
    erased = Map.copyOf(people);
  }

  /**
   * The pseudonym of a value in a record at this offset.
   *
   * @param bytes the text of a string, a uuid or a number, in UTF-8
   */
  public Pseudonym of(byte[] bytes, int from, int length, int partition, long offset) {
    Pseudonym first = first(bytes, from, length);
    List<Cut> cuts = erased.isEmpty() ? null : erased.get(first);
    if (cuts == null) {
      return first;
    }
    int times = (int) cuts.stream().filter(cut -> cut.isBefore(partition, offset)).count();
    return after(first, times);
  }

  /** The one that a value had before its person was ever erased. */
  public Pseudonym first(byte[] bytes, int from, int length) {
    int slot = (int) HASH.hashBytes(bytes, from, length) & (REMEMBERED - 1);
    byte[] value = values[slot];
    if (value == null || !Arrays.equals(value, 0, value.length, bytes, from, from + length)) {
      value = Arrays.copyOfRange(bytes, from, from + length);
      values[slot] = value;
      firsts[slot] = pseudonym(mac.doFinal(value));
    }
    return firsts[slot];
  }

  /** The one that takes the place of a first one after its person was erased so many times. */
  public Pseudonym after(Pseudonym first, int times) {
    if (times == 0) {
      return first;
    }
    ByteBuffer again = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);
    again.putLong(first.high()).putLong(first.low()).putInt(times);
    return pseudonym(mac.doFinal(again.array()));
  }

  private static Pseudonym pseudonym(byte[] digest) {
    ByteBuffer bits = ByteBuffer.wrap(digest);
    return new Pseudonym(bits.getLong(), bits.getLong());
  }
}
