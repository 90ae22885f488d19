package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.DataDirectory;
import io.millrace.core.KeyFile;
import io.millrace.core.MillraceException;
import io.millrace.core.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may send events: those who have a key of the file of write keys, and the commands on this
 * machine, which use the local key that every {@code up} makes anew.
 */
public final class WriteKeys {

  /** The name that the local key's events are counted under. */
  public static final String LOCAL = "local";

  private final KeyFile keys;
  private final Path local;

  public WriteKeys(DataDirectory data) {
    this.keys = new KeyFile(data.writeKeys(), "write key");
    this.local = data.localKey();
  }

  /** Makes a key of this name and returns it; it cannot be shown again. */
  public String add(String name) {
    if (!KeyFile.isName(name) || name.equals(LOCAL)) {
      throw MillraceException.caller(
          "Cannot add write key '%s': a name has 1 to 60 lower-case letters, digits, '-' and '_', and '%s' is taken by this machine's own"
              .formatted(name, LOCAL));
    }
    return keys.add(new KeyFile.Holder(name, ""));
  }

  /** Makes a new local key: whoever can read this user's files may write. */
  public String renewLocal() {
    String key = KeyFile.random();
    try {
      Files.createDirectories(local.getParent());
      OwnerOnly.replace(local, key + "\n");
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + local + ": " + e.getMessage(), e);
    }
    return key;
  }

  /**
   * The name under which this key is known. It takes as long for a wrong key as for a right one.
   */
  Optional<String> nameOf(String key) {
    Optional<String> found = keys.find(key).map(KeyFile.Holder::name);
    return MessageDigest.isEqual(localKey(), key.getBytes(UTF_8)) && !key.isEmpty()
        ? Optional.of(LOCAL)
        : found;
  }

  private byte[] localKey() {
    try {
      return Files.readString(local).strip().getBytes(UTF_8);
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw MillraceException.world("Cannot read the write keys: " + e.getMessage(), e);
    }
  }
}
