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
import java.util.function.Function;

/**
 * A digest of texts. Each has its length before it, so that none can be taken for the beginning of
 * the next.
 */
public final class Fingerprint {

  private final MessageDigest digest = sha256();

  /** As hexadecimal digits. */
  public static String of(String... texts) {
    Fingerprint fingerprint = new Fingerprint();
    for (String text : texts) {
      fingerprint.add(text);
    }
    return fingerprint.end();
  }

  /**
   * Of what decides the rows of a table: the SQL, how it is built, what it sees of its inputs, and
   * the same of the views it reads, whose SQL becomes part of its own.
   *
   * @param sql what stands for the SQL of a model
   */
  static String of(Project project, Model model, Function<Model, String> sql) {
    Fingerprint fingerprint = new Fingerprint();
    if (model.materialization() instanceof Materialization.Seed seed) {
      fingerprint.add("seed " + seed.delimiter() + " " + new TreeMap<>(seed.columnTypes()));
      fingerprint.addSeed(project.directory(), model.file());
    } else {
      fingerprint.add(sql.apply(model));
      fingerprint.add(model.materialization().toString());
    }
    fingerprint.add(model.eventTime().orElse(""));
    for (TableName input : model.reads()) {
      fingerprint.add(input.toString());
      if (model.isTable()) {
        InputMode mode = project.mode(model, input);
        fingerprint.add(mode.toString());
        if (mode == InputMode.INTERVAL) {
          fingerprint.add(project.eventTime(input).orElse(""));
        }
      }
      Model read = project.models().get(input);
      if (read != null && !read.isTable()) {
        fingerprint.add(of(project, read, sql));
      }
    }
    return fingerprint.end();
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private String end() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private void addSeed(Path directory, Path file) {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(directory.resolve(file))) {
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
