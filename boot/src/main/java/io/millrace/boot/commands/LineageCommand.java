package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Projects;
import io.millrace.core.TableName;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.project.ColumnRef;
import io.millrace.project.Lineage;
import io.millrace.project.Lineage.Direction;
import io.millrace.project.Lineage.Edge;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace lineage}: what a column or table is made of, or what is made of it. */
@Command(
    name = "lineage",
    mixinStandardHelpOptions = true,
    description = {
      "Print what a column or table is made of, down to the streams, each with its file and line.",
      "It reads the project's files; nothing has to run."
    },
    footer = {
      "",
      "Examples:",
      "  millrace lineage gold.daily_sales.revenue",
      "  millrace lineage bronze.order_items.amount --downstream",
      "  millrace lineage gold.daily_sales --json"
    })
final class LineageCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "A column, layer.table.column, or a table, layer.table.")
  private String name;

  @Option(names = "--downstream", description = "What is made of it instead.")
  private boolean downstream;

  @Option(names = "--json", description = "A list of columns and one of edges, as JSON.")
  private boolean json;

  @Option(
      names = "--project",
      paramLabel = "DIR",
      description = "The project directory. Default: the current directory.")
  private Optional<Path> project = Optional.empty();

  LineageCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Lineage lineage;
    PersonalColumns personal;
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Project read = Projects.load(Where.projectIn(project), sql);
      lineage = Lineage.of(read, sql);
      personal = PersonalColumns.of(read, lineage);
    }
    ColumnRef start = start(lineage);
    Direction direction = downstream ? Direction.DOWNSTREAM : Direction.UPSTREAM;
    List<Step> steps = new ArrayList<>();
    walk(lineage, new Step(0, start, Optional.empty(), false), direction, new HashSet<>(), steps);
    if (json) {
      terminal.out().println(json(lineage, personal, steps).toPrettyString());
    } else {
      print(lineage, personal, steps);
    }
    return Exit.OK.code();
  }

  private ColumnRef start(Lineage lineage) {
    return name.indexOf('.') == name.lastIndexOf('.')
        ? ColumnRef.rows(lineage.known(TableName.parse(name)))
        : lineage.known(ColumnRef.parse(name));
  }

  /**
   * A line of the tree.
   *
   * @param edge that led here; none for the first
   * @param above whether what follows from it is further up
   */
  private record Step(int depth, ColumnRef column, Optional<Edge> edge, boolean above) {}

  private void walk(
      Lineage lineage, Step step, Direction direction, Set<ColumnRef> seen, List<Step> into) {
    List<Edge> next =
        ofTable(into, step)
            ? lineage.nextTables(step.column().table(), direction)
            : lineage.next(step.column(), direction);
    boolean above = !seen.add(step.column()) && !next.isEmpty();
    into.add(new Step(step.depth(), step.column(), step.edge(), above));
    if (!above) {
      for (Edge edge : next) {
        ColumnRef other = direction == Direction.UPSTREAM ? edge.from() : edge.to();
        Step further = new Step(step.depth() + 1, other, Optional.of(edge), false);
        walk(lineage, further, direction, seen, into);
      }
    }
  }

  private static boolean ofTable(List<Step> sofar, Step step) {
    return (sofar.isEmpty() ? step : sofar.get(0)).column().isRows();
  }

  private void print(Lineage lineage, PersonalColumns personal, List<Step> steps) {
    boolean tables = steps.get(0).column().isRows();
    int width = steps.stream().mapToInt(step -> text(step, tables).length()).max().orElse(0);
    Set<TableName> models = new TreeSet<>();
    for (Step step : steps) {
      String text = text(step, tables);
      String place = step.above() ? "(above)" : lineage.place(step.column()).toString();
      String pii =
          personal.isIn(
                  step.column(), step.edge().filter(it -> !downstream).map(Edge::path).orElse(""))
              ? "  pii"
              : "";
      terminal
          .out()
          .println((text + " ".repeat(width - text.length()) + "  " + place).stripTrailing() + pii);
      models.add(step.column().table());
    }
    for (TableName model : models) {
      lineage.notes(model).forEach(it -> terminal.say("%s, %s".formatted(model, it)));
    }
  }

  private static String text(Step step, boolean tables) {
    ColumnRef column = step.column();
    String shown =
        !column.isRows()
            ? column.toString()
            : tables ? column.table().toString() : "the rows of " + column.table();
    String path =
        step.edge().map(Edge::path).filter(it -> !it.isEmpty()).map(it -> "." + it).orElse("");
    return "  ".repeat(step.depth())
        + step.edge().map(edge -> tables ? "" : use(edge)).orElse("")
        + shown
        + path;
  }

  private static String use(Edge edge) {
    return switch (edge.use()) {
      case COPY -> "copy     ";
      case DERIVED -> "derived  ";
      case SUMMARY -> "summary  ";
      case DECIDES -> "decides rows  ";
    };
  }

  private static ObjectNode json(Lineage lineage, PersonalColumns personal, List<Step> steps) {
    ObjectNode document = Server.JSON.createObjectNode();
    ArrayNode columns = document.putArray("columns");
    Set<ColumnRef> seen = new HashSet<>();
    Set<Edge> edges = new HashSet<>();
    for (Step step : steps) {
      if (seen.add(step.column())) {
        Lineage.Place place = lineage.place(step.column());
        columns
            .addObject()
            .put("table", step.column().table().toString())
            .put("column", step.column().column())
            .put("file", place.file().toString())
            .put("line", place.line())
            .put("pii", personal.worst(step.column()).isPresent());
      }
    }
    ArrayNode list = document.putArray("edges");
    for (Step step : steps) {
      step.edge()
          .filter(edges::add)
          .ifPresent(
              edge ->
                  list.addObject()
                      .put("from", edge.from().toString())
                      .put("to", edge.to().toString())
                      .put("use", edge.use().name().toLowerCase(Locale.ROOT))
                      .put("path", edge.path()));
    }
    return document;
  }
}
