package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataTables;
import io.millrace.core.MillraceException;
import io.millrace.core.OwnerOnly;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a project's personal data: 256 random bits in a file that only its owner can read.
 * What it is used for has keys of its own, derived from it. Pseudonyms given under another key are
 * other ones, so the metadata database keeps a mark by which a lost or exchanged key is noticed.
 */
public final class PersonalKey {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;
  private static final String MARK = "SELECT mark FROM personal_key";

  private final byte[] key;

  private PersonalKey(byte[] key) {
    this.key = key;
  }

  /**
   * Reads the key of a data directory, making one if there never was any.
   *
   * @throws MillraceException if the file is lost, cannot be read, or holds another key than before
   */
  public static PersonalKey of(DataDirectory data) {
    try (MetadataTables tables =
        MetadataTables.open(
            data.metadata(), "the personal key's mark", PersonalKey.class, "personal-key.sql")) {
      String mark =
          tables
              .first(row -> row.getString(1), MARK)
              .orElseGet(() -> tables.write(it -> marked(it, data.personalKey())));
      Optional<PersonalKey> found = read(data.personalKey());
      return found
          .filter(it -> it.mark().equals(mark))
          .orElseThrow(
              () ->
                  MillraceException.caller(
                      "Cannot go on: %s %s; put it back from a copy, because under another key nobody would be recognized and quarantined events could not be read"
                          .formatted(
                              data.personalKey(),
                              found.isPresent() ? "holds another key than before" : "is gone")));
    }
  }

  /** The first to come makes the key, while all others wait to write. */
  private static String marked(MetadataTables.Statements tables, Path file) throws SQLException {
    Optional<String> mark = tables.first(row -> row.getString(1), MARK);
    if (mark.isEmpty()) {
      mark = Optional.of(read(file).orElseGet(() -> make(file)).mark());
      tables.update("INSERT INTO personal_key VALUES (?)", mark.get());
    }
    return mark.get();
  }

  /** What makes an event of what the quarantine of a stream keeps of it. */
  public static UnaryOperator<byte[]> opener(StreamContract contract, DataDirectory data) {
    return contract.isPersonal() ? of(data).payloads()::open : UnaryOperator.identity();
  }

  private static Optional<PersonalKey> read(Path file) {
    try {
      byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
      if (key.length != BYTES) {
        throw new IllegalArgumentException(key.length + " bytes");
      }
      return Optional.of(new PersonalKey(key));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw MillraceException.world(
          "Cannot read %s: it is not a key of %d bytes in hex (%s)"
              .formatted(file, BYTES, e.getMessage()),
          e);
    }
  }

  private static PersonalKey make(Path file) {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    try {
      OwnerOnly.replace(file, HexFormat.of().formatHex(key) + "\n");
      return new PersonalKey(key);
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The pseudonyms of the project, as if nobody had been erased. */
  public Pseudonyms pseudonyms() {
    return new Pseudonyms(mac(derived("pseudonyms")));
  }

  /** What seals the events in quarantine. */
  public PayloadSeal payloads() {
    return new PayloadSeal(mac(derived("payloads")));
  }

  private String mark() {
    return HexFormat.of().formatHex(derived("mark"));
  }

  private byte[] derived(String purpose) {
    return mac(key).doFinal(purpose.getBytes(UTF_8));
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw MillraceException.us("Cannot derive a key: every JDK has " + ALGORITHM, e);
    }
  }
}
