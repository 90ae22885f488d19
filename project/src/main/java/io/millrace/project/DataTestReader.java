package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.DataTest.Check;
import io.millrace.project.DataTestShape.WrittenTest;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes tests of what a properties file says of a table.
 *
 * @param eventTime of the table, if that is said
 */
record DataTestReader(
    TableName table,
    Optional<String> eventTime,
    Path file,
    Tables tables,
    SqlChecker sql,
    Flaws flaws) {

  /** A test of a column; empty if it has flaws. */
  Optional<DataTest> ofColumn(String column, WrittenTest written) {
    Values values = written.values();
    Optional<Check> check =
        switch (written.kind()) {
          case DataTestShape.UNIQUE -> Optional.of(new Check.Unique(List.of(column)));
          case DataTestShape.NOT_NULL -> Optional.of(new Check.NotNull(column));
          case DataTestShape.ACCEPTED_VALUES ->
              values
                  .find(DataTestShape.ACCEPTED)
                  .map(
                      accepted ->
                          new Check.AcceptedValues(
                              column, accepted, values.get(DataTestShape.QUOTE)));
          case DataTestShape.RELATIONSHIPS -> relationships(column, values);
          case DataTestShape.DETERMINES ->
              values.find(DataTestShape.DETERMINED).map(it -> new Check.Determines(column, it));
          case DataTestShape.FRESHNESS ->
              values.find(DataTestShape.MAX_AGE).map(age -> new Check.Freshness(column, age));
          default -> throw new IllegalStateException(written.kind());
        };
    return check.flatMap(it -> test(written, it, "_" + column));
  }

  /** A test of the table as a whole; empty if it has flaws. */
  Optional<DataTest> ofTable(WrittenTest written) {
    Values values = written.values();
    return switch (written.kind()) {
      case DataTestShape.UNIQUE -> unique(written, values.find(DataTestShape.COLUMNS));
      case DataTestShape.COMBINATION_TEST, DataTestShape.UTILS + DataTestShape.COMBINATION_TEST ->
          unique(written, values.find(DataTestShape.COMBINATION));
      case DataTestShape.ROW_COUNT -> rowCount(values).flatMap(it -> test(written, it, ""));
      case DataTestShape.FRESHNESS -> freshness(written).flatMap(it -> test(written, it, ""));
      default -> throw new IllegalStateException(written.kind());
    };
  }

  private Optional<DataTest> unique(WrittenTest written, Optional<List<String>> columns) {
    return columns.flatMap(
        named -> test(written, new Check.Unique(named), "_" + String.join("_", named)));
  }

  private Optional<Check> relationships(String column, Values values) {
    Optional<TableName> to =
        values.find(DataTestShape.TO).flatMap(written -> tables.referred(written, flaws));
    Optional<String> field = values.find(DataTestShape.FIELD);
    return to.flatMap(table -> field.map(it -> new Check.Relationships(column, table, it)));
  }

  private Optional<Check> rowCount(Values values) {
    if (!values.areSound()) {
      return Optional.empty();
    }
    Optional<Long> min = values.find(DataTestShape.MIN).map(Integer::longValue);
    Optional<Long> max = values.find(DataTestShape.MAX).map(Integer::longValue);
    if (min.isEmpty() && max.isEmpty()) {
      flaws.add(values.line(DataTestShape.MIN), "row_count has no bound", "write min, max or both");
      return Optional.empty();
    }
    if (min.isPresent() && max.isPresent() && min.get() > max.get()) {
      flaws.add(
          values.line(DataTestShape.MIN),
          "min %s is more than max %s".formatted(min.get(), max.get()),
          "swap them");
      return Optional.empty();
    }
    return Optional.of(new Check.RowCount(min, max));
  }

  private Optional<Check> freshness(WrittenTest written) {
    Optional<String> column = written.values().find(DataTestShape.COLUMN).or(() -> eventTime);
    if (column.isEmpty() && written.values().areSound()) {
      flaws.add(
          written.line(),
          "freshness of '" + table + "' has no column to look at",
          "write column, or the model's event_time");
    }
    return written
        .values()
        .find(DataTestShape.MAX_AGE)
        .flatMap(age -> column.map(it -> new Check.Freshness(it, age)));
  }

  private Optional<DataTest> test(WrittenTest written, Check check, String suffix) {
    Values values = written.values();
    Optional<Placed<String>> where = values.find(DataTestShape.WHERE);
    where.ifPresent(this::check);
    String kind = written.kind().replace(DataTestShape.UTILS, "");
    return Optional.of(
            new DataTest(
                values
                    .find(DataTestShape.NAME)
                    .orElseGet(() -> kind + "_" + tables.shortName(table) + suffix),
                table,
                check,
                values.get(DataTestShape.SEVERITY),
                where.map(Placed::value),
                file,
                written.line()))
        .filter(test -> values.areSound());
  }

  private void check(Placed<String> where) {
    // On lines of its own, so that a comment at its end does not take the bracket.
    String select = "SELECT 1 FROM " + table + " WHERE (\n" + where.value() + "\n)";
    sql.reads(select, where.line() - 1, flaws);
  }
}
