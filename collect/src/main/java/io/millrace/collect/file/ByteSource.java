package io.millrace.collect.file;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file one at a time, with the line that the next one is on. */
final class ByteSource {

  static final int END = -1;

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int limit;
  private long line = 1;

  ByteSource(InputStream in) {
    this.in = in;
  }

  int next() throws IOException {
    if (at == limit && !fill()) {
      return END;
    }
    byte value = buffer[at++];
    if (value == '\n') {
      line++;
    }
    return value & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  long line() {
    return line;
  }

  static boolean isSpace(int value) {
    return value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }
}
