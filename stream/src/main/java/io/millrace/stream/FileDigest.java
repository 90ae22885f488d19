package io.millrace.stream;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a file's bytes, by which a file is known wherever it lies. */
final class FileDigest {

  private final MessageDigest digest;

  FileDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a file as it is. */
  static String of(Path file) {
    FileDigest digest = new FileDigest();
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.add(buffer, 0, read);
      }
    } catch (IOException e) {
      throw MillraceException.caller("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    return digest.hex();
  }
}
