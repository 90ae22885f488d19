package io.millrace.project;

import io.millrace.project.Templates.MacroFile;
import io.millrace.project.Templates.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The templates that come with Millrace. */
final class DbtMacros {

  private DbtMacros() {}

  /** dbt's own macros, as far as projects call them. */
  static MacroFile builtIn() {
    return new MacroFile("dbt", new Source(Path.of("dbt.sql"), 1, text("dbt.sql")));
  }

  /**
   * What becomes of a snapshot.
   *
   * @param again whether there is one already
   */
  static Source snapshot(Path file, boolean again) {
    return new Source(file, 1, text(again ? "snapshot-again.sql" : "snapshot-first.sql"));
  }

  private static String text(String name) {
    try (InputStream in = DbtMacros.class.getResourceAsStream("dbt/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
