package io.millrace.models;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.UnitTest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Schema;

/** Runs the unit tests of a project: rows in, rows out, no lake. Safe for several threads. */
public final class UnitTests {

  private static final int MAX_ROWS_SHOWN = 20;
  private static final TableName ACTUAL = new TableName("build", "actual");
  private static final TableName EXPECTED = new TableName("build", "expected");

  private final Project project;
  private final Workshop workshop;
  private final ModelSchemas schemas;

  public UnitTests(Project project, Workshop workshop) {
    this.project = project;
    this.workshop = workshop;
    this.schemas = new ModelSchemas(project, workshop);
  }

  /**
   * Runs one test.
   *
   * @throws MillraceException if its rows do not fit the columns they are of
   */
  public UnitTestResult run(UnitTest test) {
    try {
      return compare(test);
    } catch (MillraceException e) {
      throw MillraceException.caller(
          "Cannot run unit test %s (%s:%d): %s"
              .formatted(test.name(), test.file(), test.line(), e.getMessage()),
          e);
    }
  }

  private UnitTestResult compare(UnitTest test) {
    Model model = project.model(test.model());
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    model.reads().forEach(read -> inputs.put(read, ModelSchemas.empty(schemas.of(read))));
    for (UnitTest.Given given : test.given()) {
      if (!inputs.containsKey(given.input())) {
        throw MillraceException.caller(
            "%s does not read %s; it reads %s"
                .formatted(model.name(), given.input(), model.reads()));
      }
      inputs.put(given.input(), new Input.Fixture(schemas.of(given.input()), given.rows()));
    }
    try (Workbench bench = workshop.open(inputs, Optional.empty())) {
      bench.temporary(ACTUAL.name(), model.select());
      Schema made = bench.columns("SELECT * FROM " + Quoted.name(ACTUAL));
      Schema compared = expected(test, made);
      bench.add(EXPECTED, new Input.Fixture(compared, test.expect()));
      List<String> columns = compared.columns().stream().map(it -> it.name()).toList();
      return new UnitTestResult(
          test,
          difference(bench, EXPECTED, ACTUAL, columns),
          difference(bench, ACTUAL, EXPECTED, columns));
    }
  }

  /** The columns the test speaks of, as the model makes them; all if it speaks of none. */
  private static Schema expected(UnitTest test, Schema made) {
    Set<String> named = new LinkedHashSet<>();
    if (test.expect() instanceof UnitTest.Rows.Listed listed) {
      listed.rows().forEach(row -> named.addAll(row.keySet()));
    }
    for (String column : named) {
      if (made.findField(column) == null) {
        throw MillraceException.caller(
            "%s makes no column '%s'; it makes %s"
                .formatted(
                    test.model(), column, made.columns().stream().map(it -> it.name()).toList()));
      }
    }
    return named.isEmpty() ? made : made.select(named);
  }

  private static List<String> difference(
      Workbench bench, TableName rows, TableName without, List<String> columns) {
    String names = Quoted.names(columns);
    String sql =
        "SELECT %s FROM %s EXCEPT ALL SELECT %s FROM %s ORDER BY ALL LIMIT %d"
            .formatted(names, Quoted.name(rows), names, Quoted.name(without), MAX_ROWS_SHOWN);
    List<String> difference = new ArrayList<>();
    try (Rows found = bench.rows(sql)) {
      while (found.next()) {
        difference.add(RowText.of(found));
      }
    }
    return difference;
  }
}
