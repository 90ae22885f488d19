package io.millrace.project;

import io.millrace.core.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether what a test reads can be built before the table it tests, lest it reads old rows. */
final class TestOrder {

  private final Project project;
  private final SortedMap<TableName, SortedSet<TableName>> readByTests;

  private TestOrder(Project project, SortedMap<TableName, SortedSet<TableName>> readByTests) {
    this.project = project;
    this.readByTests = readByTests;
  }

  /**
   * Reports the tests that cannot be.
   *
   * @param project whose models do not read each other in a circle
   */
  static void check(Project project, ProjectFiles files) {
    new TestOrder(project, Collections.emptySortedMap()).check(files);
    // Tests in a circle with each other are to blame only if none is by itself.
    if (files.problems().isEmpty()) {
      new TestOrder(project, project.readByTests()).check(files);
    }
  }

  private void check(ProjectFiles files) {
    for (DataTest test : project.tests()) {
      if (project.model(test.table()).isTable()) {
        test.reads().stream()
            .flatMap(read -> project.tablesBehind(read).stream())
            .filter(read -> !read.equals(test.table()))
            .flatMap(read -> path(read, test.table(), new HashSet<>()).stream())
            .findFirst()
            .ifPresent(path -> report(test, path, files));
      }
    }
  }

  private static void report(DataTest test, List<TableName> path, ProjectFiles files) {
    files
        .flaws(test.file())
        .add(
            test.line(),
            "the test '%s' reads %s, which is built after %s: %s"
                .formatted(
                    test.name(),
                    path.get(0),
                    test.table(),
                    path.stream().map(TableName::toString).collect(Collectors.joining(" -> "))),
            "make it a test of " + path.get(0) + ", in a file of tests/");
  }

  /** From a table to one that has to be built before it, over what models and their tests read. */
  private Optional<List<TableName>> path(TableName from, TableName to, Set<TableName> seen) {
    if (from.equals(to)) {
      return Optional.of(new ArrayList<>(List.of(to)));
    }
    Model model = project.models().get(from);
    if (model == null || !seen.add(from)) {
      return Optional.empty();
    }
    Set<TableName> before = new TreeSet<>(model.reads());
    before.addAll(readByTests.getOrDefault(from, Collections.emptySortedSet()));
    for (TableName next : before) {
      Optional<List<TableName>> path = path(next, to, seen);
      if (path.isPresent()) {
        path.get().add(0, from);
        return path;
      }
    }
    return Optional.empty();
  }
}
