package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that is kept in a file of the repository and read by people: expected output, generated
 * pages. {@code -Dgolden.update=true} rewrites the files; what changed is then seen in the diff.
 */
public final class Golden {

  private Golden() {}

  /**
   * Fails unless the file holds exactly this text.
   *
   * @param file relative to the root of the repository
   */
  public static void assertMatches(Path file, String actual) {
    if (Boolean.getBoolean("golden.update")) {
      rewrite(Repository.here(), file, actual);
    } else {
      compare(Repository.here(), file, actual);
    }
  }

  static void rewrite(Repository repository, Path file, String actual) {
    Path path = repository.root().resolve(file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, actual);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  static void compare(Repository repository, Path file, String actual) {
    assertThat(repository.root().resolve(file))
        .as("%s; run again with -Dgolden.update=true to write it", file)
        .exists();
    assertThat(actual)
        .as("%s; if the new text is right, run again with -Dgolden.update=true", file)
        .isEqualTo(repository.text(file).text());
  }
}
