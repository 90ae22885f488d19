package io.millrace.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /api/query}: runs one SELECT and streams its result as NDJSON, so that a result of
 * any size needs no memory here. A statement that fails before its first row answers with an HTTP
 * error; one that fails later has the error in its last line.
 */
final class QueryRoute implements Handler {

  /** The largest request: a statement nobody writes by hand. */
  private static final int MAX_BODY_BYTES = 256 << 10;

  /** Queries at one time; each may use the memory limit of a query. */
  private static final int MAX_RUNNING = 4;

  /**
   * What is asked.
   *
   * @param limit rows after which the result ends; without, all
   */
  record Query(String sql, Optional<Instant> asOf, Optional<Long> limit) {

    Query {
      if (sql == null || sql.isBlank()) {
        throw MillraceException.caller("Cannot run the query: 'sql' is empty");
      }
    }
  }

  private final Sql sql;
  private final Semaphore running = new Semaphore(MAX_RUNNING);

  QueryRoute(Sql sql) {
    this.sql = sql;
  }

  @Override
  public void handle(Context request) throws IOException {
    if (!isJson(request.contentType())) {
      // Also what keeps foreign pages out: a form cannot send this type without a preflight.
      Json.refuse(
          request,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Cannot read the query: send it as Content-Type application/json");
      return;
    }
    byte[] body = request.bodyInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      Json.refuse(
          request,
          HttpStatus.CONTENT_TOO_LARGE,
          "Cannot read the query: it is larger than %d bytes".formatted(MAX_BODY_BYTES));
      return;
    }
    Query query = parse(body);
    if (!running.tryAcquire()) {
      request.header("Retry-After", "1");
      Json.refuse(
          request,
          HttpStatus.TOO_MANY_REQUESTS,
          "Cannot run the query: %d are running; try again when one has ended"
              .formatted(MAX_RUNNING));
      return;
    }
    try {
      run(query, request);
    } finally {
      running.release();
    }
  }

  private static boolean isJson(String contentType) {
    return contentType != null && contentType.split(";", 2)[0].strip().equals("application/json");
  }

  private static Query parse(byte[] body) {
    try {
      return Json.MAPPER.readValue(body, Query.class);
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof MillraceException reason
          ? reason
          : MillraceException.caller("Cannot read the query: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(Query query, Context request) throws IOException {
    Lines lines = new Lines(request, query.limit().orElse(Long.MAX_VALUE));
    try {
      sql.run(query.sql(), query.asOf(), lines);
      lines.end();
    } catch (MillraceException e) {
      if (!lines.begun()) {
        throw e;
      }
      lines.end(e);
    }
  }

  /** Writes a result line by line. */
  private static final class Lines implements Sql.Rows {

    private final Context request;
    private final long limit;
    private JsonGenerator json;
    private long rows;
    private boolean truncated;

    Lines(Context request, long limit) {
      this.request = request;
      this.limit = limit;
    }

    boolean begun() {
      return json != null;
    }

    @Override
    public void columns(List<Sql.Column> columns) {
      try {
        request.contentType("application/x-ndjson");
        OutputStream out = request.outputStream();
        json = Json.MAPPER.createGenerator(out).setRootValueSeparator(null);
        line(new Columns(columns));
        json.flush();
      } catch (IOException e) {
        throw gone(e);
      }
    }

    @Override
    public boolean row(List<?> values) {
      if (rows == limit) {
        truncated = true;
        return false;
      }
      rows++;
      try {
        line(values);
      } catch (IOException e) {
        throw gone(e);
      }
      return true;
    }

    void end() throws IOException {
      line(truncated ? new Truncated(rows, true) : new Rows(rows));
      json.flush();
    }

    void end(MillraceException e) throws IOException {
      line(Json.failure(e));
      json.flush();
    }

    private void line(Object value) throws IOException {
      json.writePOJO(value);
      json.writeRaw('\n');
    }

    private static UncheckedIOException gone(IOException e) {
      return new UncheckedIOException("The reader of the result has gone", e);
    }
  }

  private record Columns(List<Sql.Column> columns) {}

  private record Rows(long rows) {}

  private record Truncated(long rows, boolean truncated) {}
}
