package io.millrace.event;

import io.millrace.core.MillraceException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts events that wait in quarantine, where they lie as they came: AES-256-GCM (NIST SP
 * 800-38D) under a key for each day on which events were received, with a nonce that is an HMAC of
 * the event and of when it was received. So a record that is read again is sealed as it was, and
 * two that differ have the same nonce no more often than random ones. For one thread.
 *
 * <p>Sealed bytes are {@code MRQ1}, the day since 1970 as an int, 12 bytes of nonce, and the
 * ciphertext with its tag of 16 bytes.
 */
public final class PayloadSeal {

  private static final byte[] MAGIC = {'M', 'R', 'Q', '1'};
  private static final int HEADER = MAGIC.length + Integer.BYTES;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Mac keys;

  /**
   * @param keys keyed; derives the keys of days, and nonces
   */
  PayloadSeal(Mac keys) {
    this.keys = keys;
  }

  /** Encrypts an event that was received at this time, microseconds since 1970. */
  public byte[] seal(byte[] payload, long receivedMicros) {
    int day = Math.toIntExact(Math.floorDiv(receivedMicros, MICROS_PER_DAY));
    byte[] header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(day).array();
    keys.update(header);
    keys.update(ByteBuffer.allocate(Long.BYTES).putLong(receivedMicros).array());
    byte[] nonce = Arrays.copyOf(keys.doFinal(payload), NONCE);
    try {
      byte[] secret = cipher(Cipher.ENCRYPT_MODE, header, nonce).doFinal(payload);
      return ByteBuffer.allocate(HEADER + NONCE + secret.length)
          .put(header)
          .put(nonce)
          .put(secret)
          .array();
    } catch (GeneralSecurityException e) {
      throw MillraceException.us("Cannot seal an event: " + e.getMessage(), e);
    }
  }

  /** The event in sealed bytes; bytes that were never sealed are the event itself. */
  public byte[] open(byte[] bytes) {
    if (bytes.length < HEADER + NONCE + TAG_BITS / Byte.SIZE
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return bytes;
    }
    byte[] header = Arrays.copyOf(bytes, HEADER);
    byte[] used = Arrays.copyOfRange(bytes, HEADER, HEADER + NONCE);
    try {
      int from = HEADER + NONCE;
      return cipher(Cipher.DECRYPT_MODE, header, used).doFinal(bytes, from, bytes.length - from);
    } catch (AEADBadTagException e) {
      return bytes;
    } catch (GeneralSecurityException e) {
      throw MillraceException.us("Cannot open a sealed event: " + e.getMessage(), e);
    }
  }

  private Cipher cipher(int mode, byte[] header, byte[] used) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(keys.doFinal(header), "AES"), new GCMParameterSpec(TAG_BITS, used));
    cipher.updateAAD(header);
    return cipher;
  }
}
