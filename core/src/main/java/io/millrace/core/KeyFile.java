package io.millrace.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of keys, which only its owner may read. A key is 256 random bits, shown once when it is
 * made; each line keeps a name, the key's SHA-256, and the role it is for, if it is for one. A
 * plain hash is enough: nobody can try 2^256 keys.
 */
public final class KeyFile {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,59}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int KEY_BYTES = 32;

  /**
   * Whose key it is.
   *
   * @param role empty if it is for none
   */
  public record Holder(String name, String role) {}

  /** Tells a file from the one that replaced it, also within a tick of the file system's clock. */
  private record Stamp(FileTime modified, long bytes, Optional<Object> inode) {
    static final Stamp ABSENT = new Stamp(FileTime.fromMillis(0), -1, Optional.empty());
  }

  private record Line(Holder holder, String hash) {}

  private record Known(Stamp stamp, List<Line> lines) {}

  private final Path file;
  private final String noun;
  private volatile Known known = new Known(Stamp.ABSENT, List.of());

  /**
   * @param noun what a key of it is called: {@code write key}
   */
  public KeyFile(Path file, String noun) {
    this.file = file;
    this.noun = noun;
  }

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Makes a key and returns it; it cannot be shown again.
   *
   * @throws MillraceException if the name is none, or taken
   */
  public String add(Holder holder) {
    String name = holder.name();
    if (!isName(name)) {
      throw MillraceException.caller(
          "Cannot add %s '%s': a name has 1 to 60 lower-case letters, digits, '-' and '_'"
              .formatted(noun, name));
    }
    String key = random();
    try {
      OwnerOnly.createFolders(file.getParent());
      // The lock is on a file of its own, since the file of keys is replaced as a whole.
      try (FileChannel channel =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        var unused = channel.lock(); // until the channel is closed
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (lines.stream().anyMatch(line -> line.startsWith(name + " "))) {
          throw MillraceException.caller(
              "Cannot add %s '%s': there is one of that name in %s; use another name, or delete its line"
                  .formatted(noun, name, file));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        text.append("%s %s %s".formatted(name, sha256(key), holder.role()).strip()).append('\n');
        OwnerOnly.replace(file, text.toString());
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file + ": " + e.getMessage(), e);
    }
    return key;
  }

  /** Whose key it is. It takes as long for a wrong key as for a right one. */
  public Optional<Holder> find(String key) {
    byte[] hash = sha256(key).getBytes(UTF_8);
    Optional<Holder> found = Optional.empty();
    for (Line line : current()) {
      if (MessageDigest.isEqual(line.hash().getBytes(UTF_8), hash)) {
        found = Optional.of(line.holder());
      }
    }
    return found;
  }

  /** Reads the file again when it has changed: a key works as soon as it is made. */
  private List<Line> current() {
    try {
      Stamp now = stamp(file);
      Known last = known;
      if (!last.stamp().equals(now)) {
        last = new Known(now, read());
        known = last;
      }
      return last.lines();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read the %ss: %s".formatted(noun, e.getMessage()), e);
    }
  }

  private List<Line> read() throws IOException {
    List<Line> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          lines.add(line(line.strip().split(" +")));
        }
      }
    }
    return List.copyOf(lines);
  }

  private Line line(String[] words) throws IOException {
    if (words.length < 2 || !HASH.matcher(words[1]).matches()) {
      throw new IOException(file + " has a line that is not a name and a SHA-256 in hex");
    }
    return new Line(new Holder(words[0], words.length > 2 ? words[2] : ""), words[1]);
  }

  private static Stamp stamp(Path path) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(file.lastModifiedTime(), file.size(), Optional.ofNullable(file.fileKey()));
    } catch (NoSuchFileException e) {
      return Stamp.ABSENT;
    }
  }

  /** A key that nobody has. */
  public static String random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw MillraceException.us("Cannot hash a key: every JDK has SHA-256", e);
    }
  }
}
