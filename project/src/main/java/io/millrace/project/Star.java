package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.DataTest.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A table of facts and the dimensions around it, as the tests of the project declare them: a
 * relationship to a unique key is an arm, and at its end is a point of the star.
 *
 * @param key the columns that say which row of facts is which; empty if no test says it
 */
public record Star(Model fact, List<String> columns, List<String> key, List<Arm> arms) {

  public Star {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    arms = List.copyOf(arms);
  }

  /** A column of the facts that names a row of a dimension. */
  public record Arm(String column, Point point) {}

  /**
   * A dimension.
   *
   * @param key the column that arms name
   * @param determines for a column those whose values follow from its own, as declared
   */
  public record Point(
      Model model, String key, List<String> columns, Map<String, List<String>> determines) {
    public Point {
      columns = List.copyOf(columns);
      determines = Collections.unmodifiableMap(new LinkedHashMap<>(determines));
    }

    /** The columns by which the business knows a row: of a history, its key without a version. */
    public List<String> businessKey() {
      return model.materialization() instanceof Materialization.History history
          ? history.dimension().uniqueKey()
          : List.of(key);
    }

    /** {@code product} of {@code gold.dim_product}. */
    public String shortName() {
      return Star.shortName(model);
    }
  }

  /**
   * Finds the star around a table.
   *
   * @param columns the columns of a table, in their order
   */
  public static Star of(
      Project project, TableName fact, Function<TableName, List<String>> columns) {
    Model model = project.model(fact);
    List<Arm> arms = new ArrayList<>();
    for (DataTest test : project.tests()) {
      if (test.table().equals(fact)
          && test.check() instanceof Check.Relationships to
          && uniqueKeys(project, to.to()).contains(List.of(to.field()))) {
        arms.add(new Arm(to.column(), point(project, to, columns)));
      }
    }
    if (arms.isEmpty()) {
      throw MillraceException.caller(
          "Cannot find a star around '%s': no relationships test leads from it to a unique key; add them to its columns in schema.yml"
              .formatted(fact));
    }
    List<String> key = uniqueKeys(project, fact).stream().findFirst().orElse(List.of());
    return new Star(model, columns.apply(fact), key, arms);
  }

  private static Point point(
      Project project, Check.Relationships to, Function<TableName, List<String>> columns) {
    Map<String, List<String>> determines = new LinkedHashMap<>();
    for (DataTest test : project.tests()) {
      if (test.table().equals(to.to()) && test.check() instanceof Check.Determines of) {
        determines.put(of.column(), of.columns());
      }
    }
    return new Point(project.model(to.to()), to.field(), columns.apply(to.to()), determines);
  }

  private static List<List<String>> uniqueKeys(Project project, TableName table) {
    List<List<String>> keys = new ArrayList<>();
    for (DataTest test : project.tests()) {
      if (test.table().equals(table)
          && test.where().isEmpty()
          && test.check() instanceof Check.Unique unique) {
        keys.add(unique.columns());
      }
    }
    return keys;
  }

  /** The dimensions, each once however many arms lead to it. */
  public List<Point> points() {
    return arms.stream().map(Arm::point).distinct().toList();
  }

  List<Reshaped.Line> lines() {
    return arms.stream()
        .map(
            arm ->
                new Reshaped.Line(
                    arm.point().model().name().name(), fact.name().name(), arm.column()))
        .toList();
  }

  /** The star as Mermaid draws it, with what each column is for. */
  public String diagram() {
    StringBuilder diagram = new StringBuilder(Reshaped.diagram(lines()));
    box(diagram, fact, columns, this::role);
    for (Point point : points()) {
      box(
          diagram,
          point.model(),
          point.columns(),
          column -> column.equals(point.key()) ? "key" : "attribute");
    }
    return diagram.toString();
  }

  private String role(String column) {
    if (pointOf(column).isPresent()) {
      return "dimension";
    }
    return key.contains(column) ? "key" : "value";
  }

  private static void box(
      StringBuilder diagram, Model model, List<String> columns, UnaryOperator<String> role) {
    diagram.append("  ").append(model.name().name()).append(" {\n");
    columns.forEach(
        it -> diagram.append("    ").append(role.apply(it)).append(' ').append(it).append('\n'));
    diagram.append("  }\n");
  }

  /** The point that a column of facts names. */
  public Optional<Point> pointOf(String column) {
    return arms.stream().filter(it -> it.column().equals(column)).map(Arm::point).findFirst();
  }

  static String shortName(Model model) {
    return model.name().name().replaceFirst("^(dim|fct|fact)_", "");
  }
}
