package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.project.ColumnTracer.Use;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Follows an expression to the columns it is made of. */
final class ExpressionTrace {

  /** Names without parentheses that are no columns unless a table has one of that name. */
  static final Set<String> CLOCKS =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_user",
          "current_role",
          "current_catalog",
          "current_schema",
          "session_user",
          "user");

  /** Aggregates whose value is none of those they are computed from. */
  private static final Set<String> SUMMARIES =
      Set.of(
          "count",
          "count_if",
          "countif",
          "approx_count_distinct",
          "sum",
          "sum_no_overflow",
          "fsum",
          "kahan_sum",
          "sumkahan",
          "avg",
          "mean",
          "favg",
          "wavg",
          "weighted_avg",
          "var_pop",
          "var_samp",
          "variance",
          "stddev",
          "stddev_pop",
          "stddev_samp",
          "sem",
          "skewness",
          "kurtosis",
          "kurtosis_pop",
          "corr",
          "covar_pop",
          "covar_samp",
          "entropy");

  private final QueryTrace queries;

  ExpressionTrace(QueryTrace queries) {
    this.queries = queries;
  }

  Sources of(JsonNode expression, Scope scope, Use use) {
    Sources sources = new Sources().by(SqlTree.bare(expression).toString());
    walk(expression, scope, use, sources);
    return sources;
  }

  private void walk(JsonNode node, Scope scope, Use use, Sources into) {
    if (node.isArray()) {
      node.forEach(child -> walk(child, scope, use, into));
      return;
    }
    switch (node.path("class").asText()) {
      case "COLUMN_REF" -> column(node, scope, use, into);
      case "CONSTANT", "TYPE", "DEFAULT" -> {}
      case "STAR" ->
          queries
              .stars()
              .matched(node, scope.from())
              .forEach(column -> into.addAll(column.sources(), less(use)));
      case "POSITIONAL_REFERENCE" -> {
        int index = node.path("index").asInt() - 1;
        if (index >= 0 && index < scope.from().star().size()) {
          into.addAll(scope.from().star().get(index).sources(), use);
        }
      }
      case "LAMBDA" -> {
        if (SqlTree.isLambda(node)) {
          walk(node.path("expr"), scope.withParameters(parameters(node)), use, into);
        } else {
          children(node, scope, less(use), into);
        }
      }
      case "SUBQUERY" -> subquery(node, scope, less(use), into);
      case "WINDOW" -> window(node, scope, less(use), into);
      case "FUNCTION" -> function(node, scope, use, into);
      default -> {
        Optional<String> field = field(node);
        if (field.isPresent()) {
          into.addField(of(node.path("children").get(0), scope, use), field.get(), use);
        } else {
          children(node, scope, less(use), into);
        }
      }
    }
  }

  private void children(JsonNode node, Scope scope, Use use, Sources into) {
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        walk(child, scope, use, into);
      }
    }
  }

  private void column(JsonNode node, Scope scope, Use use, Sources into) {
    List<String> names = names(node);
    scope
        .find(names, use)
        .ifPresentOrElse(
            found -> into.addAll(found, use),
            () -> {
              if (names.size() > 1 || !CLOCKS.contains(names.get(0))) {
                queries.note(
                    node,
                    "'%s' is not found: it is taken to be any column"
                        .formatted(String.join(".", names)));
                into.addAll(scope.everything(), less(use));
              }
            });
  }

  private void function(JsonNode node, Scope scope, Use use, Sources into) {
    String name = lower(node.path("function_name"));
    JsonNode arguments = node.path("arguments");
    JsonNode last = arguments.path(1).path("expression");
    if (name.equals("struct_extract") && isText(last)) {
      JsonNode struct = arguments.get(0).path("expression");
      into.addField(of(struct, scope, use), lower(last.path("literal").path("text")), use);
      return;
    }
    walk(arguments, scope, less(use, name), into);
    walk(node.path("filter"), scope, Use.DECIDES, into);
    walk(node.path("order_bys"), scope, Use.DECIDES, into);
    if (arguments.isEmpty() && queries.isAggregate(name)) {
      into.addAll(scope.from().rows().rowsOnly(), Use.DERIVED);
    }
  }

  /** What a window sees decides; only its arguments are values. */
  private void window(JsonNode node, Scope scope, Use use, Sources into) {
    boolean counts = lower(node.path("function_name")).equals("count");
    walk(node.path("arguments"), scope, counts ? less(use, "count") : use, into);
    walk(node.path("offset_expr"), scope, use, into);
    walk(node.path("default_expr"), scope, use, into);
    for (String part :
        List.of("partitions", "orders", "filter_expr", "arg_orders", "start_expr", "end_expr")) {
      walk(node.path(part), scope, Use.DECIDES, into);
    }
    if (node.path("arguments").isEmpty()) {
      into.addAll(scope.from().rows().rowsOnly(), Use.DERIVED);
    }
  }

  private void subquery(JsonNode node, Scope scope, Use use, Sources into) {
    QueryTrace.Result answer = queries.query(node.path("subquery").path("node"), scope);
    answer.columns().forEach(column -> into.addAll(column.sources(), use));
    into.addAll(answer.rows(), Use.DECIDES);
    walk(node.path("child"), scope, use, into);
  }

  private static Use less(Use use) {
    return use == Use.COPY ? Use.DERIVED : use;
  }

  /** How the arguments of a function are used. */
  private static Use less(Use use, String function) {
    return use != Use.DECIDES && SUMMARIES.contains(function) ? Use.SUMMARY : less(use);
  }

  /** The field that {@code (s).f} or {@code s['f']} takes. */
  private static Optional<String> field(JsonNode node) {
    String type = node.path("type").asText();
    JsonNode key = node.path("children").path(1);
    return (type.equals("STRUCT_EXTRACT") || type.equals("ARRAY_EXTRACT")) && isText(key)
        ? Optional.of(lower(key.path("literal").path("text")))
        : Optional.empty();
  }

  private static boolean isText(JsonNode node) {
    return node.path("literal").path("kind").asText().equals("STRING");
  }

  private static Set<String> parameters(JsonNode lambda) {
    Set<String> names = new HashSet<>();
    JsonNode left = lambda.path("lhs");
    List<JsonNode> references = new ArrayList<>(List.of(left));
    left.path("arguments").forEach(it -> references.add(it.path("expression")));
    references.forEach(it -> it.path("column_names").forEach(name -> names.add(lower(name))));
    return names;
  }

  static List<String> names(JsonNode columnRef) {
    List<String> names = new ArrayList<>();
    columnRef.path("column_names").forEach(name -> names.add(lower(name)));
    return names;
  }

  static String lower(JsonNode name) {
    return name.asText().toLowerCase(Locale.ROOT);
  }
}
