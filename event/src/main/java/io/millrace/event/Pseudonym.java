package io.millrace.event;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** 128 bits that stand for a value. */
public record Pseudonym(long high, long low) {

  static final int TEXT_BYTES = 32;

  private static final int DIGITS = 16;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Of 32 hexadecimal digits. */
  public static Pseudonym parse(String hex) {
    return new Pseudonym(
        HexFormat.fromHexDigitsToLong(hex, 0, DIGITS),
        HexFormat.fromHexDigitsToLong(hex, DIGITS, 2 * DIGITS));
  }

  /** As string columns hold it: 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  /** The same, as UTF-8, without making a string. */
  void writeText(byte[] target) {
    for (int i = 0; i < DIGITS; i++) {
      int shift = 60 - 4 * i;
      target[i] = HEX[(int) (high >>> shift) & 0xf];
      target[DIGITS + i] = HEX[(int) (low >>> shift) & 0xf];
    }
  }

  /** As long columns hold it: 63 bits, so never below zero. */
  public long asLong() {
    return high >>> 1;
  }

  /** The upper half of the uuid that uuid columns hold: of version 8 (RFC 9562), 122 bits. */
  public long uuidHigh() {
    return (high & ~0xF000L) | 0x8000L;
  }

  /** Its lower half. */
  public long uuidLow() {
    return (low & ~(0b11L << 62)) | (0b10L << 62);
  }
}
