package io.millrace.prove;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** How an event is named where it is looked for: by text, the same before it is sent and after. */
public final class EventIds {

  private static final int NAME_BYTES = 16;

  private EventIds() {}

  /** Of 128 bits: a declared uuid, or the id that is derived from fields. */
  public static String of(long high, long low) {
    return new UUID(high, low).toString();
  }

  /** Of an event that breaks its contract, and so has no id: a hash of its bytes. */
  public static String ofRejected(byte[] payload) {
    return "bytes:" + HexFormat.of().formatHex(sha256(payload), 0, NAME_BYTES);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
