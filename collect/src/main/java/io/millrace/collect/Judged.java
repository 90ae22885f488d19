package io.millrace.collect;

import java.util.Comparator;

/**
 * What the present contract says of an event that was rejected.
 *
 * @param reason for which it was rejected
 * @param now {@link #ACCEPTED}, {@link #REPLAYED} or the reason for which it would be rejected
 */
public record Judged(String reason, String now) implements Comparable<Judged> {

  /** It is sent, or would be. */
  public static final String ACCEPTED = "accepted";

  /** An earlier replay has sent it. */
  public static final String REPLAYED = "replayed";

  private static final Comparator<Judged> ORDER =
      Comparator.comparing(Judged::reason).thenComparing(Judged::now);

  @Override
  public int compareTo(Judged other) {
    return ORDER.compare(this, other);
  }
}
