package io.millrace.engine;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.lake.FieldNames;
import io.millrace.lake.Span;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import io.millrace.project.SelectText;
import io.millrace.project.UnitTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The inputs of a bench as views of its DuckDB, and the project's views that are read there. */
final class InputViews {

  private static final Pattern LINE = Pattern.compile("\\s*\nLINE (\\d+): ");

  private final DuckDbSession session;
  private final List<Model> models;
  private final PersonalColumns personal;
  private final ReadOrder order;
  private final SortedMap<TableName, Input> inputs = new TreeMap<>();
  private final Set<String> schemas = new HashSet<>();
  private final Set<TableName> made = new HashSet<>();

  InputViews(
      DuckDbSession session, List<Model> models, PersonalColumns personal, DuckDbSqlReader reader) {
    this.session = session;
    this.models = models;
    this.personal = personal;
    this.order = new ReadOrder(Task.BUILD, models, reader);
  }

  /** The files of an input, whatever span of it is shown. */
  static List<String> allFiles(Input input) {
    if (input instanceof Input.Table table) {
      return table.table().files();
    }
    if (input instanceof Input.Files files) {
      return files.files();
    }
    return input instanceof Input.Csv csv ? List.of(CsvFiles.path(csv).toString()) : List.of();
  }

  /** Says what is meant by a name, from now on. */
  void declare(TableName name, Input input) {
    inputs.put(name, input);
    made.remove(name);
    if (input instanceof Input.View view) {
      order.addView(name, new ReadOrder.View(view.sql(), Origin.of(view.sql(), models)));
    } else {
      order.addTable(name);
    }
  }

  /** Something of this name has been made by somebody else. */
  void declare(TableName name) {
    inputs.remove(name);
    made.add(name);
    order.addTable(name);
  }

  /** Makes what a SELECT reads and is not there yet, and says where the SELECT is written. */
  Origin prepare(String select) {
    Origin origin = Origin.of(select, models);
    for (TableName name : order.of(select, origin)) {
      make(name);
    }
    return origin;
  }

  /** Makes a view, and before it those that it reads. */
  void make(TableName name) {
    if (made.contains(name)) {
      return;
    }
    Input input = inputs.get(name);
    ReadOrder.View view = order.view(name);
    if (view != null) {
      order.of(view.sql(), view.origin()).forEach(this::make);
    }
    if (schemas.add(name.layer())) {
      run("CREATE SCHEMA IF NOT EXISTS " + name.layer(), "", new Origin(name.toString(), 0));
    }
    if (input instanceof Input.Fixture fixture) {
      makeFixture(name, fixture);
    } else if (input instanceof Input.Csv csv) {
      makeCsv(name, csv);
    } else if (view != null) {
      makeView(name, view, only(input));
    } else {
      Schema schema = schema(input);
      String where = only(input).map(span -> where(name, span, schema)).orElse("");
      run(
          TableViews.view(name),
          "SELECT * FROM (" + TableViews.rows(schema, names(input), files(input)) + ")" + where,
          new Origin(name.toString(), 0));
    }
    made.add(name);
  }

  private void makeView(TableName name, ReadOrder.View view, Optional<Span> only) {
    String head = TableViews.view(name);
    if (only.isEmpty()) {
      run(head, view.sql(), view.origin());
      return;
    }
    Map<String, String> types = types(view.sql(), view.origin());
    Type type;
    try {
      type = ColumnTypes.of(types.getOrDefault(only.get().column(), "\"NULL\""), () -> 0);
    } catch (ColumnTypes.Unknown e) {
      type = Types.StringType.get();
    }
    String where =
        where(
            name, only.get(), new Schema(Types.NestedField.optional(1, only.get().column(), type)));
    run(head + "SELECT * FROM (\n", SelectText.of(view.sql()) + "\n)" + where, view.origin());
  }

  private static String where(TableName name, Span span, Schema schema) {
    if (span.isAlways()) {
      return "";
    }
    Types.NestedField column = schema.asStruct().field(span.column());
    if (column == null || !Span.isTime(column.type())) {
      throw Task.BUILD.refused(
          "%s has no date or timestamp '%s', by which its rows are to be taken"
              .formatted(name, span.column()));
    }
    return " WHERE " + TableViews.within(span, column.type());
  }

  private void makeFixture(TableName name, Input.Fixture fixture) {
    Fixtures fixtures = new Fixtures(name, fixture.schema());
    String select;
    if (fixture.rows() instanceof UnitTest.Rows.Select given) {
      Origin origin = new Origin("the rows given for " + name, 0);
      if (!order.of(given.sql(), origin).isEmpty()) {
        throw fixtures.refused("the SELECT reads tables; write one that reads none");
      }
      select = fixtures.select(given, types(given.sql(), origin).keySet());
    } else {
      select = fixtures.select((UnitTest.Rows.Listed) fixture.rows());
    }
    try {
      session.run(TableViews.view(name) + select);
      tryOut("SELECT * FROM " + Quoted.name(name));
    } catch (SQLException e) {
      throw fixtures.notReadable(fixture.rows(), e, this::tryOut);
    }
  }

  private void makeCsv(TableName name, Input.Csv csv) {
    try {
      session.run(TableViews.view(name) + CsvFiles.select(csv));
      tryOut("SELECT * FROM " + Quoted.name(name));
    } catch (SQLException e) {
      throw CsvFiles.notReadable(csv, e, this::tryOut);
    }
  }

  /**
   * Reads all rows, since what is wrong with one shows only when it is read. A result that is
   * streamed would not say what.
   */
  private void tryOut(String select) throws SQLException {
    session.run("EXPLAIN ANALYZE SELECT max(hash(it)) FROM (" + select + ") AS it");
  }

  private Map<String, String> types(String select, Origin origin) {
    String head = "DESCRIBE\n";
    Map<String, String> types = new LinkedHashMap<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(head + SelectText.of(select))) {
      while (rows.next()) {
        types.put(rows.getString(1), rows.getString(2));
      }
      return types;
    } catch (SQLException e) {
      throw failure(e, origin.behind(head));
    }
  }

  void restrict(Interval interval) {
    for (TableName name : List.copyOf(inputs.keySet())) {
      Input input = inputs.get(name);
      Optional<Span> only = only(input).map(span -> new Span(span.column(), interval, span.zone()));
      if (only.isEmpty()) {
        continue;
      }
      if (input instanceof Input.Table table) {
        declare(name, new Input.Table(table.table(), only));
      } else if (input instanceof Input.Files files) {
        declare(name, new Input.Files(files.schema(), files.names(), files.files(), only));
      } else if (input instanceof Input.View view) {
        declare(name, new Input.View(view.sql(), only));
      }
      make(name);
    }
  }

  private static Optional<Span> only(Input input) {
    if (input instanceof Input.Table table) {
      return table.only();
    }
    if (input instanceof Input.Files files) {
      return files.only();
    }
    return input instanceof Input.View view ? view.only() : Optional.empty();
  }

  private static Schema schema(Input input) {
    return input instanceof Input.Table table
        ? table.table().schema()
        : ((Input.Files) input).schema();
  }

  private static FieldNames names(Input input) {
    return input instanceof Input.Table table
        ? table.table().fieldNames()
        : ((Input.Files) input).names();
  }

  /** Those that may hold rows that are shown. */
  private static List<String> files(Input input) {
    if (input instanceof Input.Table table) {
      return table.only().map(table.table()::files).orElseGet(table.table()::files);
    }
    return allFiles(input);
  }

  /** A SELECT of some columns of an input, and {@code filename}; none if it has no files. */
  Optional<String> scanWithFile(TableName name, List<String> columns) {
    Input input = inputs.get(name);
    if (!(input instanceof Input.Table) && !(input instanceof Input.Files)) {
      throw MillraceException.us("Cannot look into the files of " + name + ": it has none");
    }
    List<String> files = files(input);
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(TableViews.scanWithFile(schema(input).select(columns), names(input), files));
  }

  private void run(String head, String sql, Origin origin) {
    try {
      session.run(head + sql);
    } catch (SQLException e) {
      throw failure(e, origin.behind(head));
    }
  }

  private boolean isPersonal(Input input) {
    return input instanceof Input.Table table
        ? personal.isIn(table.table().name())
        : input instanceof Input.Files && !personal.isEmpty();
  }

  /** Why SQL failed, with the line where DuckDB says one. */
  MillraceException failure(SQLException e, Origin origin) {
    String reason = Task.reason(e);
    Matcher line = LINE.matcher(reason);
    String place = origin.name();
    if (line.find()) {
      place = origin.line(Integer.parseInt(line.group(1)));
      reason = reason.substring(0, line.start());
    }
    if (Task.tellsValues(e) && inputs.values().stream().anyMatch(this::isPersonal)) {
      reason = "%s; the value is not told, for it may be personal".formatted(Task.kind(e));
    }
    return session.failure(e, place + ": " + reason.strip().replaceAll("\\s*\n\\s*", " "));
  }
}
