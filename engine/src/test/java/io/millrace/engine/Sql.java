package io.millrace.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Files of SQL that tests run. */
final class Sql {

  private Sql() {}

  /** The statements of a file, which end in semicolons. */
  static List<String> statements(String file) {
    try (InputStream in = Sql.class.getResourceAsStream(file + ".sql")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(";\n")).filter(it -> !it.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
