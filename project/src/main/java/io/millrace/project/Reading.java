package io.millrace.project;

import io.millrace.core.MillraceException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What came of reading a project directory: the project, or everything that is wrong with it. */
public sealed interface Reading {

  /** The project has no mistakes. */
  record Sound(Project project) implements Reading {}

  /**
   * The project cannot be used.
   *
   * @param problems at least one, by file and line
   */
  record Flawed(List<Problem> problems) implements Reading {
    public Flawed {
      problems =
          problems.stream()
              .sorted(Comparator.comparing(Problem::file).thenComparingInt(Problem::line))
              .toList();
    }
  }

  /** The project; if it has mistakes, one exception that says them all. */
  default Project orThrow() {
    if (this instanceof Sound sound) {
      return sound.project();
    }
    List<Problem> problems = ((Flawed) this).problems();
    throw MillraceException.caller(
        problems.stream()
            .map(Problem::toString)
            .collect(
                Collectors.joining(
                    "\n  ",
                    "Cannot use the project: %d %s\n  "
                        .formatted(problems.size(), problems.size() == 1 ? "mistake" : "mistakes"),
                    "")));
  }
}
