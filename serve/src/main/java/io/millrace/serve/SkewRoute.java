package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.quality.HeavyHitters;
import io.millrace.quality.Skew;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code GET /api/skew}: the values of a column that have the most rows. */
final class SkewRoute implements Handler {

  private static final int NAMED = 10;

  private final Engine engine;

  SkewRoute(Engine engine) {
    this.engine = engine;
  }

  /**
   * What is said of a value.
   *
   * @param value empty for NULL
   * @param share of all rows, from 0 to 1
   */
  private record Value(Optional<String> value, long atLeast, long atMost, double share) {}

  private record Answer(
      TableName table,
      String column,
      long rows,
      long values,
      long maxError,
      boolean skewed,
      List<Value> heavy,
      List<String> advice) {}

  @Override
  public void handle(Context request) {
    TableName table = TableName.parse(named(request, "table"));
    String column = named(request, "column");
    HeavyHitters hitters = new HeavyHitters();
    String sql = "SELECT CAST(%s AS VARCHAR) FROM %s".formatted(quoted(column), quoted(table));
    try (Rows rows = engine.query(Query.of(sql).seenWith(Access.of(request)))) {
      while (rows.next()) {
        hitters.add(Optional.ofNullable((String) rows.value(0)));
      }
    }
    Skew skew = hitters.find(NAMED);
    List<Value> heavy =
        skew.heavy().stream()
            .map(it -> new Value(it.value(), it.atLeast(), it.atMost(), skew.share(it)))
            .toList();
    Json.answer(
        request,
        HttpStatus.OK,
        new Answer(
            table,
            column,
            skew.rows(),
            skew.values(),
            skew.maxError(),
            skew.isSkewed(),
            heavy,
            skew.advice(column)));
  }

  private static String named(Context request, String name) {
    String text = request.queryParam(name);
    if (text == null || text.isBlank()) {
      throw MillraceException.caller("Cannot look for skew: '%s' is missing".formatted(name));
    }
    return text;
  }

  private static String quoted(TableName table) {
    return quoted(table.toString());
  }

  /** A field of a struct is named with dots. */
  private static String quoted(String name) {
    return Arrays.stream(name.split("\\.", -1)).map(Quoted::name).collect(Collectors.joining("."));
  }
}
