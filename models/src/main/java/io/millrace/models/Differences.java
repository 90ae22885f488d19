package io.millrace.models;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
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
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.Sight;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Compares a table in two states of the lake. */
public final class Differences {

  private static final int EXAMPLES = 5;

  /** What stands in an example in place of a value. */
  private static final String HIDDEN = "'…'";

  private static final TableName A = new TableName("build", "a");
  private static final TableName B = new TableName("build", "b");

  private final Project project;
  private final Lake lake;
  private final Workshop workshop;
  private final PersonalColumns personal;

  public Differences(Project project, Lake lake, Workshop workshop, PersonalColumns personal) {
    this.project = project;
    this.lake = lake;
    this.workshop = workshop;
    this.personal = personal;
  }

  /**
   * How a table differs.
   *
   * @param key the columns by which rows are the same row; without, none counts as changed
   * @param added rows of B whose key A does not have, or rows that A has fewer times
   * @param removed rows of A that B does not have
   * @param changed rows with the same key and other values
   * @param sums of the number columns that both have
   * @param addedExamples rows, as all examples without the values that are hidden
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

  /**
   * Compares one table; its columns are those that both states have.
   *
   * @param sight of who is told; rows are compared whole, whatever is shown of them
   */
  public Difference of(TableName name, AsOf a, AsOf b, Sight sight) {
    PinnedTable before = pinned(name, a);
    PinnedTable after = pinned(name, b);
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    inputs.put(A, new Input.Table(before, Optional.empty()));
    inputs.put(B, new Input.Table(after, Optional.empty()));
    try (Workbench bench = workshop.open(inputs, Optional.empty())) {
      return compare(name, common(before.schema(), after.schema()), sight, bench);
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

  private Difference compare(
      TableName name, List<Types.NestedField> columns, Sight sight, Workbench bench) {
    List<String> names = columns.stream().map(Types.NestedField::name).toList();
    List<Types.NestedField> shown =
        columns.stream().filter(it -> personal.isShown(name, it.name(), sight)).toList();
    Set<String> told = shown.stream().map(Types.NestedField::name).collect(Collectors.toSet());
    List<String> key = key(name).stream().filter(names::contains).toList();
    String all = Quoted.names(names);
    bench.temporary(
        "only_a", "SELECT %s FROM build.a EXCEPT ALL SELECT %s FROM build.b".formatted(all, all));
    bench.temporary(
        "only_b", "SELECT %s FROM build.b EXCEPT ALL SELECT %s FROM build.a".formatted(all, all));
    String same = key.isEmpty() ? "false" : Quoted.sameKey("a", "b", key);
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
        sums(shown, bench),
        examples("SELECT " + values("b", names, told) + " " + added, bench),
        examples("SELECT " + values("a", names, told) + " " + removed, bench),
        examples("SELECT " + changedColumns(names, key, told) + " " + changed, bench));
  }

  private static String values(String side, List<String> names, Set<String> told) {
    return names.stream().map(it -> value(side, it, told)).collect(Collectors.joining(", "));
  }

  private static String value(String side, String column, Set<String> told) {
    String quoted = Quoted.name(column);
    return (told.contains(column) ? side + "." + quoted : HIDDEN) + " AS " + quoted;
  }

  /** The key of each row, and beside it the columns of A with those of B, as {@code x: 1 -> 2}. */
  private static String changedColumns(List<String> names, List<String> key, Set<String> told) {
    List<String> selected = new ArrayList<>();
    key.forEach(column -> selected.add(value("a", column, told)));
    List<String> changes = new ArrayList<>();
    for (String column : names) {
      if (!key.contains(column)) {
        String quoted = Quoted.name(column);
        changes.add(
            "CASE WHEN a.%s IS DISTINCT FROM b.%s THEN %s || %s || ' -> ' || %s END"
                .formatted(
                    quoted,
                    quoted,
                    Quoted.text(column + ": "),
                    told.contains(column) ? asText("a", quoted) : HIDDEN,
                    told.contains(column) ? asText("b", quoted) : HIDDEN));
      }
    }
    selected.add("concat_ws(', ', %s) AS changed".formatted(String.join(", ", changes)));
    return String.join(", ", selected);
  }

  private static String asText(String side, String quoted) {
    return "coalesce(CAST(%s.%s AS VARCHAR), 'null')".formatted(side, quoted);
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
      if (kind instanceof Materialization.Again again && !again.uniqueKey().isEmpty()) {
        return again.uniqueKey();
      }
      if (kind instanceof Materialization.History history) {
        return history.dimension().rowKey();
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
        "SELECT coalesce(sum(%s), 0) FROM %s".formatted(Quoted.name(column), Quoted.name(table));
    try (Rows rows = bench.rows(sql)) {
      rows.next();
      return new BigDecimal(rows.value(0).toString());
    }
  }
}
