package io.millrace.project.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a text file of limited size that must be UTF-8. */
public final class TextFile {

  public static final int MAX_BYTES = 1 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /** The text of the file; empty if that cannot be had, and then the flaws say why. */
  public static Optional<String> read(Path file, Flaws flaws) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      flaws.add(
          0,
          "the file cannot be read (" + e.getClass().getSimpleName() + ")",
          "check its permissions");
      return Optional.empty();
    }
    if (bytes.length > MAX_BYTES) {
      flaws.add(0, "the file is larger than 1 MiB", "make it smaller, or split it");
      return Optional.empty();
    }
    return decode(bytes, flaws);
  }

  private static Optional<String> decode(byte[] bytes, Flaws flaws) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (decoder.decode(in, out, true).isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      flaws.add(line, "the file is not UTF-8", "save it as UTF-8");
      return Optional.empty();
    }
    String text = out.flip().toString();
    return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
  }
}
