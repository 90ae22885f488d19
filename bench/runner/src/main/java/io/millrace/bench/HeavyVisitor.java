package io.millrace.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.apache.kafka.common.utils.Utils;

/** A visitor of whom a large share of all clicks are: the key of the heaviest partition. */
public final class HeavyVisitor {

  /** As long as the shop's own. */
  private static final byte[] ID = "v-0123456789abcdef".getBytes(US_ASCII);

  /** Of all clicks. */
  static final double SHARE = 0.3;

  private HeavyVisitor() {}

  /**
   * Whether a click becomes this visitor's; a repeat of it does, too.
   *
   * @param idHigh of its event id, which is random
   */
  static boolean makes(long idHigh, double share) {
    return (idHigh >>> 11) * 0x1.0p-53 < share;
  }

  /**
   * The same click of this visitor.
   *
   * @param at where the id of its visitor is
   */
  static byte[] click(byte[] json, int at) {
    byte[] click = json.clone();
    System.arraycopy(ID, 0, click, at, ID.length);
    return click;
  }

  static byte[] key() {
    return ID.clone();
  }

  /** Where Kafka's producers put the key. */
  public static int partition(int partitions) {
    return Utils.toPositive(Utils.murmur2(ID)) % partitions;
  }
}
