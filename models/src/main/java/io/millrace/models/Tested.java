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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** What the data tests of a model say of what a build has staged, or of a view. */
record Tested(List<TestResult> results) {

  private static final TableName FRESH = new TableName("build", "fresh");

  Tested {
    results = List.copyOf(results);
  }

  /**
   * Runs the tests of a table. What is asked of each row by itself is asked of the new rows alone,
   * once it refused none of the others. So it is with unique values.
   *
   * @param last what the published rows were built from
   */
  static Tested of(Site site, TableBuild build, Optional<BuiltFrom> last, InstantSource clock) {
    SortedSet<String> held = site.testsOfRows();
    held.retainAll(last.map(BuiltFrom::held).orElseGet(TreeSet::new));
    List<DataTest> ofAdded = new ArrayList<>();
    List<DataTest> ofAll = new ArrayList<>();
    for (DataTest test : site.tests()) {
      boolean added = asksEachRow(test.check()) && held.contains(FailingRows.digest(test));
      (added ? ofAdded : ofAll).add(test);
    }
    PinnedTable staged = build.staged();
    Input added =
        new Input.Files(staged.schema(), staged.fieldNames(), build.added(), Optional.empty());
    Input all = new Input.Table(staged, Optional.empty());
    DataTests runner = new DataTests(site, clock);
    List<TestResult> results = new ArrayList<>();
    results.addAll(run(ofAdded, Optional.of(added), site, runner::run));
    results.addAll(
        run(
            ofAll,
            Optional.of(all),
            site,
            (test, bench) -> {
              if (!(test.check() instanceof Check.Unique)
                  || !held.contains(FailingRows.digest(test))) {
                return runner.run(test, bench);
              }
              bench.add(FRESH, added);
              return runner.run(test, FailingRows.among(FRESH, test), bench);
            }));
    return new Tested(results);
  }

  /** Runs the tests of a view, over the tables of the site. */
  static Tested of(Site site, InstantSource clock) {
    return new Tested(run(site.tests(), Optional.empty(), site, new DataTests(site, clock)::run));
  }

  /** Whether rows that passed need not be looked at again until the test is another. */
  static boolean isOfRows(Check check) {
    return asksEachRow(check) || check instanceof Check.Unique;
  }

  private static boolean asksEachRow(Check check) {
    return check instanceof Check.NotNull
        || check instanceof Check.AcceptedValues
        || check instanceof Check.Relationships;
  }

  /** Runs tests over what they read, and over the rows that have just been built, if any were. */
  private static List<TestResult> run(
      List<DataTest> tests,
      Optional<Input> built,
      Site site,
      BiFunction<DataTest, Workbench, TestResult> runner) {
    if (tests.isEmpty()) {
      return List.of();
    }
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    Set<TableName> tables = new TreeSet<>(site.project().tablesBehind(site.model().name()));
    for (DataTest test : tests) {
      test.reads().forEach(read -> tables.addAll(site.project().tablesBehind(read)));
    }
    built.ifPresent(
        rows -> {
          tables.remove(site.model().name());
          inputs.put(site.model().name(), rows);
        });
    tables.forEach(it -> inputs.put(it, new Input.Table(site.pinned(it), Optional.empty())));
    List<TestResult> results = new ArrayList<>();
    try (Workbench bench = site.workshop().open(inputs, Optional.empty())) {
      tests.forEach(test -> results.add(runner.apply(test, bench)));
    }
    return results;
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
