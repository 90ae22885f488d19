package io.millrace.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.millrace.core.MillraceException;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/query}: runs one SELECT and streams its result as NDJSON, so that a result of
 * any size needs no memory here. A statement that fails before its first row answers with an HTTP
 * error; one that fails later has the error in its last line.
 */
final class QueryRoute implements Handler {

  /**
   * What is asked.
   *
   * @param limit rows after which the result ends; without, it has all
   */
  record Question(
      String sql, Optional<String> asOf, Optional<String> branch, Optional<Long> limit) {

    Question {
      if (sql == null || sql.isBlank()) {
        throw MillraceException.caller("Cannot run the query: 'sql' is empty");
      }
      if (limit.isPresent() && (limit.get() < 0 || limit.get() == Long.MAX_VALUE)) {
        throw MillraceException.caller(
            "Cannot run the query: 'limit' is %d; use a number of rows from 0 on"
                .formatted(limit.get()));
      }
    }

    /** Asks for one row beyond the limit, which tells whether there are more. */
    Query query() {
      Query query = limit.map(rows -> Query.of(sql).limit(rows + 1)).orElseGet(() -> Query.of(sql));
      return state().map(query::asOf).orElse(query);
    }

    private Optional<AsOf> state() {
      if (asOf.isPresent() && branch.isPresent()) {
        throw MillraceException.caller(
            "Cannot run the query: it has both 'as_of' and 'branch'; a branch has one state");
      }
      return branch.<AsOf>map(AsOf.Branch::new).or(() -> asOf.map(StateName::parse));
    }
  }

  private record Columns(List<Rows.Column> columns) {}

  private record End(long rows) {}

  private record EarlyEnd(long rows, boolean truncated) {}

  private static final String REFUSED = "(refused)";

  private final Engine engine;
  private final Usage usage;

  QueryRoute(Engine engine, Usage usage) {
    this.engine = engine;
    this.usage = usage;
  }

  @Override
  public void handle(Context request) throws IOException {
    Optional<Question> asked = JsonBody.read(request, "the query", Question.class);
    if (asked.isPresent()) {
      answer(asked.get(), request);
    }
  }

  private void answer(Question question, Context request) throws IOException {
    Query query = question.query().seenWith(Access.of(request));
    long began = System.nanoTime();
    String text = REFUSED; // which may have a value in the wrong quotes
    try (Rows rows = engine.query(query)) {
      text = QueryText.of(question.sql());
      stream(rows, question.limit().orElse(Long.MAX_VALUE), request);
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      usage.note(new Work(Usage.Kind.QUERY, text, 1, took, 0));
    }
  }

  private static void stream(Rows rows, long limit, Context request) throws IOException {
    // Before anything is written, so that a statement that fails at once has an HTTP error.
    boolean more = rows.next();
    request.contentType("application/x-ndjson");
    JsonGenerator json = Json.MAPPER.createGenerator(request.outputStream());
    json.setRootValueSeparator(null);
    line(json, new Columns(rows.columns()));
    long written = 0;
    try {
      for (; more && written < limit; more = rows.next()) {
        line(json, rows.values());
        written++;
      }
      line(json, more ? new EarlyEnd(written, true) : new End(written));
    } catch (MillraceException e) {
      line(json, Json.failure(e));
    }
    json.flush();
  }

  private static void line(JsonGenerator json, Object value) throws IOException {
    json.writePOJO(value);
    json.writeRaw('\n');
  }
}
