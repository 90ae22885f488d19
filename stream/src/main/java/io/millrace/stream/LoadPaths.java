package io.millrace.stream;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Finds the files that somebody names: one, a directory of them, or a pattern. */
final class LoadPaths {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");
  private static final Pattern OF_LINES = Pattern.compile(".*\\.(ndjson|jsonl|json)(\\.gz)?");

  private LoadPaths() {}

  /**
   * The files in the order they are named, those of a directory or a pattern in the order of their
   * paths; each once.
   *
   * @param named absolute paths, patterns or URIs
   */
  static List<Path> find(List<String> named) {
    Set<Path> found = new LinkedHashSet<>();
    named.forEach(name -> found.addAll(find(name)));
    return List.copyOf(found);
  }

  private static List<Path> find(String named) {
    String name = SCHEME.matcher(named).matches() ? local(named) : named;
    if (Files.isRegularFile(Path.of(name))) {
      return List.of(Path.of(name));
    }
    if (Files.isDirectory(Path.of(name))) {
      return required(named, walk(Path.of(name), LoadPaths::isOfLines));
    }
    Matcher glob = GLOB.matcher(name);
    if (!glob.find()) {
      throw MillraceException.caller("Cannot load %s: there is no such file".formatted(named));
    }
    Path begin = Path.of(name.substring(0, name.lastIndexOf('/', glob.start()) + 1));
    if (!Files.isDirectory(begin)) {
      throw MillraceException.caller(
          "Cannot load %s: there is no directory %s".formatted(named, begin));
    }
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
      return required(named, walk(begin, matcher::matches));
    } catch (PatternSyntaxException e) {
      throw MillraceException.caller(
          "Cannot load %s: the pattern cannot be read: %s".formatted(named, e.getDescription()), e);
    }
  }

  private static String local(String named) {
    try {
      URI uri = URI.create(named);
      if ("file".equals(uri.getScheme())) {
        return Path.of(uri).toString();
      }
    } catch (IllegalArgumentException e) {
      throw MillraceException.caller(
          "Cannot load %s: it is no address of a file: %s".formatted(named, e.getMessage()), e);
    }
    throw MillraceException.caller(
        "Cannot load %s: files are read from this machine only; copy them here first"
            .formatted(named));
  }

  private static boolean isOfLines(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && OF_LINES.matcher(name).matches();
  }

  private static List<Path> walk(Path directory, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw MillraceException.caller("Cannot read %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private static List<Path> required(String named, List<Path> found) {
    if (found.isEmpty()) {
      throw MillraceException.caller(
          "Cannot load %s: no file there is called .ndjson, .jsonl or .json, or fits the pattern"
              .formatted(named));
    }
    return found;
  }
}
