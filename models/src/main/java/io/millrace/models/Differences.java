package io.millrace.models;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.project.DataTest.Check;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Compares a table in two states of the lake. */
public final class Differences {

  private static final int EXAMPLES = 5;
  private static final TableName A = new TableName("build", "a");
  private static final TableName B = new TableName("build", "b");

  private final Project project;
  private final Lake lake;
  private final Workshop workshop;

  public Differences(Project project, Lake lake, Workshop workshop) {
    this.project = project;
    this.lake = lake;
    this.workshop = workshop;
  }

  /**
   * How a table differs.
   *
   * @param key the columns by which rows are the same row; without, none counts as changed
   * @param added rows of B whose key A does not have, or rows that A has fewer times
   * @param removed rows of A that B does not have
   * @param changed rows with the same key and other values
   * @param sums of the number columns that both have
   */
  public record Difference(
      TableName table,
      List<String> key,
      long added,
      long removed,
      long changed,
      List<Sum> sums,
      List<String> addedExamples,
      List<String> removedExamples,
      List<String> changedExamples) {

    public boolean none() {
      return added == 0 && removed == 0 && changed == 0;
    }
  }

  /** The sum of a column in both states. */
  public record Sum(String column, BigDecimal a, BigDecimal b) {}

  /** Compares one table; its columns are those that both states have. */
  public Difference of(TableName name, AsOf a, AsOf b) {
    PinnedTable before = pinned(name, a);
    PinnedTable after = pinned(name, b);
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    inputs.put(A, new Input.Table(before, Optional.empty()));
    inputs.put(B, new Input.Table(after, Optional.empty()));
    try (Workbench bench = workshop.open(inputs, Optional.empty())) {
      return compare(name, common(before.schema(), after.schema()), bench);
    }
  }

  private PinnedTable pinned(TableName name, AsOf asOf) {
    PinnedTable table = lake.pin(asOf).get(name);
    if (table == null) {
      throw MillraceException.caller("Cannot compare %s: it is not in %s".formatted(name, asOf));
    }
    return table;
  }

  private static List<Types.NestedField> common(Schema a, Schema b) {
    return a.columns().stream()
        .filter(column -> b.findField(column.name()) != null)
        .filter(column -> b.findField(column.name()).type().equals(column.type()))
        .toList();
  }

  private Difference compare(TableName name, List<Types.NestedField> columns, Workbench bench) {
    List<String> names = columns.stream().map(Types.NestedField::name).toList();
    List<String> key = key(name).stream().filter(names::contains).toList();
    String all = SqlText.names(names);
    bench.temporary(
        "only_a", "SELECT %s FROM build.a EXCEPT ALL SELECT %s FROM build.b".formatted(all, all));
    bench.temporary(
        "only_b", "SELECT %s FROM build.b EXCEPT ALL SELECT %s FROM build.a".formatted(all, all));
    String same = key.isEmpty() ? "false" : SqlText.sameKey("a", "b", key);
    String removed =
        "FROM build.only_a AS a WHERE NOT EXISTS (SELECT 1 FROM build.only_b AS b WHERE %s)"
            .formatted(same);
    String added =
        "FROM build.only_b AS b WHERE NOT EXISTS (SELECT 1 FROM build.only_a AS a WHERE %s)"
            .formatted(same);
    String changed = "FROM build.only_a AS a JOIN build.only_b AS b ON " + same;
    return new Difference(
        name,
        key,
        count(added, bench),
        count(removed, bench),
        count(changed, bench),
        sums(columns, bench),
        examples("SELECT b.* " + added, bench),
        examples("SELECT a.* " + removed, bench),
        examples("SELECT " + changedColumns(names, key) + " " + changed, bench));
  }

  /** The key of each row, and beside it the columns of A with those of B, as {@code x: 1 -> 2}. */
  private static String changedColumns(List<String> names, List<String> key) {
    List<String> selected = new ArrayList<>();
    key.forEach(column -> selected.add("a." + SqlText.name(column)));
    List<String> changes = new ArrayList<>();
    for (String column : names) {
      if (!key.contains(column)) {
        String quoted = SqlText.name(column);
        changes.add(
            "CASE WHEN a.%s IS DISTINCT FROM b.%s THEN %s || coalesce(CAST(a.%s AS VARCHAR), 'null') || ' -> ' || coalesce(CAST(b.%s AS VARCHAR), 'null') END"
                .formatted(quoted, quoted, SqlText.text(column + ": "), quoted, quoted));
      }
    }
    selected.add("concat_ws(', ', %s) AS changed".formatted(String.join(", ", changes)));
    return String.join(", ", selected);
  }

  /** What makes a row itself: the declared key, or columns that a test says are unique. */
  private List<String> key(TableName name) {
    Model model = project.models().get(name);
    if (model != null) {
      Materialization kind = model.materialization();
      if (kind instanceof Materialization.Merge merge) {
        return merge.uniqueKey();
      }
      if (kind instanceof Materialization.MaterializedView view && !view.uniqueKey().isEmpty()) {
        return view.uniqueKey();
      }
    }
    return project.tests().stream()
        .filter(test -> test.table().equals(name) && test.where().isEmpty())
        .flatMap(
            test ->
                test.check() instanceof Check.Unique unique
                    ? Stream.of(unique.columns())
                    : Stream.empty())
        .findFirst()
        .orElse(List.of());
  }

  private static long count(String from, Workbench bench) {
    try (Rows rows = bench.rows("SELECT count(*) " + from)) {
      rows.next();
      return ((Number) rows.value(0)).longValue();
    }
  }

  private static List<String> examples(String select, Workbench bench) {
    List<String> examples = new ArrayList<>();
    try (Rows rows = bench.rows(select + " ORDER BY ALL LIMIT " + EXAMPLES)) {
      while (rows.next()) {
        examples.add(RowText.of(rows));
      }
    }
    return examples;
  }

  private static List<Sum> sums(List<Types.NestedField> columns, Workbench bench) {
    List<Sum> sums = new ArrayList<>();
    for (Types.NestedField column : columns) {
      if (isNumber(column.type())) {
        sums.add(
            new Sum(column.name(), sum(column.name(), A, bench), sum(column.name(), B, bench)));
      }
    }
    return sums;
  }

  private static boolean isNumber(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  private static BigDecimal sum(String column, TableName table, Workbench bench) {
    String sql =
        "SELECT coalesce(sum(%s), 0) FROM %s".formatted(SqlText.name(column), SqlText.name(table));
    try (Rows rows = bench.rows(sql)) {
      rows.next();
      return new BigDecimal(rows.value(0).toString());
    }
  }
}
