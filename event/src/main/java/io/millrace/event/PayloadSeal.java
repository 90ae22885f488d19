package io.millrace.event;

import io.millrace.core.MillraceException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts events that wait in quarantine, where they lie as they came: AES-256-GCM (NIST SP
 * 800-38D) with a random nonce and a key for each day on which events were received, so that no key
 * seals more of them than random nonces are good for. For one thread.
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
  private final SecureRandom random = new SecureRandom();
  private final byte[] nonce = new byte[NONCE];

  /**
   * @param keys keyed; derives the key of a day
   */
  PayloadSeal(Mac keys) {
    this.keys = keys;
  }

  /** Encrypts an event that was received at this time, microseconds since 1970. */
  public byte[] seal(byte[] payload, long receivedMicros) {
    int day = Math.toIntExact(Math.floorDiv(receivedMicros, MICROS_PER_DAY));
    random.nextBytes(nonce);
    byte[] header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(day).array();
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
