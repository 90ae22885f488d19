package io.millrace.prove;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Ids that carry a number and look like chance. Whoever reads one knows which event it is, so that
 * millions of events are balanced in a few bits each, and an id that was made up is known by its
 * other half.
 *
 * @param seed other seeds make other ids
 */
public record NumberedIds(long seed) {

  /** The id of an event, counted from 0. */
  public UUID of(long number) {
    long low = mixed(seed + number);
    return new UUID(mixed(low ^ seed), low);
  }

  /** The number in an id as text; empty if these ids have none like it. */
  public OptionalLong numberOf(String id) {
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
    long number = unmixed(uuid.getLeastSignificantBits()) - seed;
    return number >= 0 && of(number).toString().equals(id)
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  /** SplitMix64: each value becomes another one, and none is made twice. */
  private static long mixed(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  private static long unmixed(long mixed) {
    long value = (mixed ^ (mixed >>> 31) ^ (mixed >>> 62)) * 0x319642b2d24d8ec3L;
    value = (value ^ (value >>> 27) ^ (value >>> 54)) * 0x96de1b173f119089L;
    return value ^ (value >>> 30) ^ (value >>> 60);
  }
}
