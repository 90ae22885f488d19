package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * A digest of what decides the rows of a table: the SQL, how it is built, what it sees of its
 * inputs, and the same of the views it reads, whose SQL becomes part of its own. Parts have their
 * length before them, so that none can be taken for the beginning of the next.
 */
final class Fingerprint {

  private final Project project;
  private final MessageDigest digest = sha256();

  private Fingerprint(Project project) {
    this.project = project;
  }

  /** As hexadecimal digits. */
  static String of(Project project, Model model) {
    Fingerprint fingerprint = new Fingerprint(project);
    fingerprint.add(model);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private void add(Model model) {
    if (model.materialization() instanceof Materialization.Seed seed) {
      add("seed " + seed.delimiter() + " " + new TreeMap<>(seed.columnTypes()));
      addFile(model.file());
    } else {
      add(SqlText.withoutComments(model.sql()));
      add(model.materialization().toString());
    }
    add(model.eventTime().orElse(""));
    for (TableName input : model.reads()) {
      add(input.toString());
      if (model.isTable()) {
        InputMode mode = project.mode(model, input);
        add(mode.toString());
        if (mode == InputMode.INTERVAL) {
          add(project.eventTime(input).orElse(""));
        }
      }
      Model read = project.models().get(input);
      if (read != null && !read.isTable()) {
        add(of(project, read));
      }
    }
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private void addFile(Path file) {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(project.directory().resolve(file))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot read seed '" + file + "': " + e.getClass().getSimpleName(), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
