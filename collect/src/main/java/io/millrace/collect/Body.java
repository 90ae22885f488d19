package io.millrace.collect;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The body of a request, decompressed. Reading stops at the limit whatever the body decompresses
 * to, and every byte it takes is held in the request's share first.
 */
final class Body {

  private static final int FIRST_BYTES = 16 << 10;

  private final byte[] bytes;
  private final int length;

  private Body(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** The bytes of the body, and room after them. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Reads a body.
   *
   * @param encoding the header Content-Encoding; empty for none
   * @param announced the header Content-Length; -1 without
   */
  static Body read(
      InputStream in, String encoding, long announced, int maxBytes, InFlight.Share share) {
    if (announced > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try {
      return switch (encoding) {
        case "", "identity" -> read(in, Math.max(announced, FIRST_BYTES), maxBytes, share);
        case "gzip" ->
            read(new GZIPInputStream(in, FIRST_BYTES), 4L * FIRST_BYTES, maxBytes, share);
        default ->
            throw Refused.unknownFormat(
                "Cannot read a body with Content-Encoding '%s': send gzip or none"
                    .formatted(encoding));
      };
    } catch (EOFException e) {
      throw Refused.unreadable("Cannot read the body: it ends too early");
    } catch (ZipException e) {
      throw Refused.unreadable("Cannot read the body as gzip: " + e.getMessage());
    } catch (IOException e) {
      throw Refused.unreadable("Cannot read the body: " + e.getMessage());
    }
  }

  private static Body read(InputStream in, long expected, int maxBytes, InFlight.Share share)
      throws IOException {
    int capacity = (int) Math.min(expected, maxBytes);
    share.hold(capacity);
    byte[] bytes = new byte[capacity];
    int length = 0;
    while (true) {
      int read = in.readNBytes(bytes, length, bytes.length - length);
      length += read;
      if (length < bytes.length) {
        return new Body(bytes, length);
      }
      int next = in.read();
      if (next < 0) {
        return new Body(bytes, length);
      }
      if (length == maxBytes) {
        throw tooLarge(maxBytes);
      }
      int larger = (int) Math.min(2L * bytes.length, maxBytes);
      share.hold(larger - bytes.length);
      bytes = Arrays.copyOf(bytes, larger);
      bytes[length++] = (byte) next;
    }
  }

  private static Refused tooLarge(int maxBytes) {
    return Refused.tooLarge(
        "Cannot take a body of more than %d bytes, counted after decompression: send several"
            .formatted(maxBytes));
  }
}
