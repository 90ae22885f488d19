package io.millrace.engine;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.project.SelectText;
import io.millrace.project.UnitTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Rows that a test gives, as a SELECT of the columns they are meant for. */
final class Fixtures {

  private final TableName name;
  private final Schema schema;

  Fixtures(TableName name, Schema schema) {
    this.name = name;
    this.schema = schema;
  }

  /**
   * The SELECT of rows given as text.
   *
   * @throws MillraceException if there is no column of a name that is given
   */
  String select(UnitTest.Rows.Listed listed) {
    if (listed.rows().isEmpty()) {
      return TableViews.empty(schema);
    }
    Set<String> given = new LinkedHashSet<>();
    listed.rows().forEach(row -> given.addAll(row.keySet()));
    String rows =
        listed.rows().stream()
            .map(row -> values(row, given))
            .collect(Collectors.joining(", ", "(VALUES ", ")"));
    return select(given, rows + " AS given(" + names(given) + ")");
  }

  /**
   * The SELECT of rows given as a SELECT.
   *
   * @param given its columns
   */
  String select(UnitTest.Rows.Select select, Set<String> given) {
    return select(given, "(" + SelectText.of(select.sql()) + "\n) AS given");
  }

  private String select(Set<String> given, String from) {
    List<String> names = schema.columns().stream().map(Types.NestedField::name).toList();
    for (String column : given) {
      if (!names.contains(column)) {
        throw refused(
            "there is no column '%s'; %s".formatted(column, NearMatch.remedy(names, column)));
      }
    }
    return schema.columns().stream()
        .map(column -> column(column, given.contains(column.name())))
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
  }

  private static String column(Types.NestedField column, boolean given) {
    String name = Quoted.name(column.name());
    return "CAST(%s AS %s) AS %s"
        .formatted(given ? "given." + name : "NULL", TableViews.type(column.type()), name);
  }

  /** A row without a value still is a row. */
  private static String values(Map<String, Optional<String>> row, Set<String> given) {
    List<String> values = new ArrayList<>();
    for (String column : given) {
      values.add(row.getOrDefault(column, Optional.empty()).map(Quoted::text).orElse("NULL"));
    }
    return values.isEmpty() ? "(NULL)" : "(" + String.join(", ", values) + ")";
  }

  private static String names(Set<String> given) {
    return given.isEmpty()
        ? "nothing"
        : given.stream().map(Quoted::name).collect(Collectors.joining(", "));
  }

  /** Runs a statement, to see whether it can be. */
  @FunctionalInterface
  interface Trial {
    void run(String sql) throws SQLException;
  }

  /** Which value it was that could not be read. */
  MillraceException notReadable(UnitTest.Rows rows, SQLException e, Trial trial) {
    if (rows instanceof UnitTest.Rows.Listed listed) {
      for (int i = 0; i < listed.rows().size(); i++) {
        for (Types.NestedField column : schema.columns()) {
          Optional<String> value =
              listed.rows().get(i).getOrDefault(column.name(), Optional.empty());
          String type = TableViews.type(column.type());
          if (value.isPresent() && !fits(value.get(), type, trial)) {
            return refused(
                "row %d: '%s' of column '%s' is no %s"
                    .formatted(i + 1, value.get(), column.name(), type));
          }
        }
      }
    }
    return refused(Task.reason(e));
  }

  private static boolean fits(String value, String type, Trial trial) {
    try {
      trial.run("SELECT CAST(%s AS %s)".formatted(Quoted.text(value), type));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  MillraceException refused(String reason) {
    return MillraceException.caller(
        "Cannot read the rows given for %s: %s".formatted(name, reason));
  }
}
