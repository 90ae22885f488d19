package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.engine.Workshop;
import io.millrace.project.Project;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a model be built when its unit tests pass; they are run once, for they cannot change. */
final class UnitTestGate {

  private final Project project;
  private final UnitTests tests;
  private final TestResults results;
  private final InstantSource clock;
  private final Set<TableName> passed = ConcurrentHashMap.newKeySet();

  UnitTestGate(Project project, Workshop workshop, TestResults results, InstantSource clock) {
    this.project = project;
    this.results = results;
    this.clock = clock;
    this.tests = new UnitTests(project, workshop);
  }

  /** What failed, in words; empty if the model may be built. */
  List<String> failures(TableName model, long run) {
    if (passed.contains(model)) {
      return List.of();
    }
    List<UnitTestResult> all =
        project.unitTests().stream()
            .filter(test -> test.model().equals(model))
            .map(tests::run)
            .toList();
    results.putUnitTests(run, clock.instant(), all);
    List<String> failures =
        all.stream().filter(result -> !result.passed()).map(UnitTestResult::describe).toList();
    if (failures.isEmpty()) {
      passed.add(model);
    }
    return failures;
  }
}
