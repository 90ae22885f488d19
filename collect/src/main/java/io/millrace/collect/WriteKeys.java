package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may send events. A key is 256 random bits, shown once when it is made; the file of keys,
 * which only its owner may read, keeps a name and the key's SHA-256 on each line. A plain hash is
 * enough: nobody can try 2^256 keys. The commands on this machine use the local key, which every
 * {@code up} makes anew.
 */
public final class WriteKeys {

  /** The name that the local key's events are counted under. */
  public static final String LOCAL = "local";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,59}");
  private static final int KEY_BYTES = 32;

  /** Tells a file from the one that replaced it, also within a tick of the file system's clock. */
  private record Stamp(FileTime modified, long bytes, Optional<Object> inode) {
    static final Stamp ABSENT = new Stamp(FileTime.fromMillis(0), -1, Optional.empty());
  }

  private record Known(Stamp keys, Stamp local, Map<String, byte[]> hashes) {}

  private final Path keys;
  private final Path local;
  private volatile Known known = new Known(Stamp.ABSENT, Stamp.ABSENT, Map.of());

  public WriteKeys(DataDirectory data) {
    this.keys = data.writeKeys();
    this.local = data.localKey();
  }

  /** Makes a key of this name and returns it; it cannot be shown again. */
  public String add(String name) {
    if (!NAME.matcher(name).matches() || name.equals(LOCAL)) {
      throw MillraceException.caller(
          "Cannot add write key '%s': a name has 1 to 60 lower-case letters, digits, '-' and '_', and '%s' is taken by this machine's own"
              .formatted(name, LOCAL));
    }
    String key = random();
    try {
      Files.createDirectories(keys.getParent());
      // The lock is on a file of its own, since the file of keys is replaced as a whole.
      try (FileChannel channel =
          FileChannel.open(
              keys.resolveSibling(keys.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        var unused = channel.lock(); // until the channel is closed
        List<String> lines = Files.exists(keys) ? Files.readAllLines(keys) : List.of();
        if (lines.stream().anyMatch(line -> line.startsWith(name + " "))) {
          throw MillraceException.caller(
              "Cannot add write key '%s': there is one of that name in %s; use another name, or delete its line"
                  .formatted(name, keys));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        text.append(name).append(' ').append(HexFormat.of().formatHex(sha256(key))).append('\n');
        replaceOwnerOnly(keys, text.toString());
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + keys + ": " + e.getMessage(), e);
    }
    return key;
  }

  /** Makes a new local key: whoever can read this user's files may write. */
  public String renewLocal() {
    String key = random();
    try {
      Files.createDirectories(local.getParent());
      replaceOwnerOnly(local, key + "\n");
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + local + ": " + e.getMessage(), e);
    }
    return key;
  }

  /**
   * The name under which this key is known. It takes as long for a wrong key as for a right one.
   */
  Optional<String> nameOf(String key) {
    byte[] hash = sha256(key);
    Optional<String> found = Optional.empty();
    for (Map.Entry<String, byte[]> entry : current().entrySet()) {
      if (MessageDigest.isEqual(entry.getValue(), hash)) {
        found = Optional.of(entry.getKey());
      }
    }
    return found;
  }

  /** Reads the files again when they have changed: a key works as soon as it is made. */
  private Map<String, byte[]> current() {
    try {
      Stamp keysNow = stamp(keys);
      Stamp localNow = stamp(local);
      Known last = known;
      if (!last.keys().equals(keysNow) || !last.local().equals(localNow)) {
        last = new Known(keysNow, localNow, read());
        known = last;
      }
      return last.hashes();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read the write keys: " + e.getMessage(), e);
    }
  }

  private Map<String, byte[]> read() throws IOException {
    Map<String, byte[]> hashes = new LinkedHashMap<>();
    if (Files.exists(keys)) {
      for (String line : Files.readAllLines(keys)) {
        if (!line.isBlank()) {
          int space = line.indexOf(' ');
          hashes.put(line.substring(0, Math.max(0, space)), hash(line.substring(space + 1)));
        }
      }
    }
    if (Files.exists(local)) {
      hashes.put(LOCAL, sha256(Files.readString(local).strip()));
    }
    return hashes;
  }

  private byte[] hash(String hex) throws IOException {
    try {
      return HexFormat.of().parseHex(hex.strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(keys + " has a line that is not a name and a SHA-256 in hex", e);
    }
  }

  private static Stamp stamp(Path path) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(file.lastModifiedTime(), file.size(), Optional.ofNullable(file.fileKey()));
    } catch (NoSuchFileException e) {
      return Stamp.ABSENT;
    }
  }

  private static String random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw MillraceException.us("Cannot hash a key: every JDK has SHA-256", e);
    }
  }

  /** No other user can open the file at any moment, and a reader sees the old or the new whole. */
  private static void replaceOwnerOnly(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
