package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Workbench;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.TableBuild;
import io.millrace.project.DataTest;
import io.millrace.project.DataTest.Check;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the data tests of a model say of what a build has staged. */
record Tested(List<TestResult> results) {

  Tested {
    results = List.copyOf(results);
  }

  /**
   * Runs the tests. What is asked of each row by itself is asked of the new rows alone: the others
   * were asked when they were new.
   */
  static Tested of(Site site, TableBuild build, InstantSource clock) {
    List<DataTest> ofRows = new ArrayList<>();
    List<DataTest> ofTables = new ArrayList<>();
    for (DataTest test : site.project().tests()) {
      if (test.table().equals(site.model().name())) {
        (asksEachRow(test.check()) ? ofRows : ofTables).add(test);
      }
    }
    PinnedTable staged = build.staged();
    List<TestResult> results = new ArrayList<>();
    Input added =
        new Input.Files(staged.schema(), staged.fieldNames(), build.added(), Optional.empty());
    results.addAll(run(ofRows, added, site, clock));
    results.addAll(run(ofTables, new Input.Table(staged, Optional.empty()), site, clock));
    return new Tested(results);
  }

  private static boolean asksEachRow(Check check) {
    return check instanceof Check.NotNull
        || check instanceof Check.AcceptedValues
        || check instanceof Check.Relationships;
  }

  private static List<TestResult> run(
      List<DataTest> tests, Input own, Site site, InstantSource clock) {
    if (tests.isEmpty()) {
      return List.of();
    }
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    Set<TableName> tables = new TreeSet<>();
    for (DataTest test : tests) {
      for (TableName read : reads(test)) {
        tables.addAll(Door.behind(site.project(), read));
      }
    }
    // Its own rows are those that have just been built, the first ones included.
    tables.remove(site.model().name());
    tables.forEach(it -> inputs.put(it, new Input.Table(site.pinned(it), Optional.empty())));
    inputs.put(site.model().name(), own);
    List<TestResult> results = new ArrayList<>();
    DataTests runner = new DataTests(clock);
    try (Workbench bench = site.workshop().open(inputs, Optional.empty())) {
      tests.forEach(test -> results.add(runner.run(test, bench)));
    }
    return results;
  }

  private static Set<TableName> reads(DataTest test) {
    if (test.check() instanceof Check.Relationships relationships) {
      return Set.of(relationships.to());
    }
    return test.check() instanceof Check.Sql sql ? sql.reads() : Set.of();
  }

  /** A sentence for each test that failed and refuses the build. */
  List<String> refusals() {
    return results.stream().filter(TestResult::refuses).map(TestResult::sentence).toList();
  }

  /** A sentence for each test that failed and does not. */
  List<String> warnings() {
    return results.stream()
        .filter(result -> !result.passed() && !result.refuses())
        .map(TestResult::sentence)
        .toList();
  }
}
