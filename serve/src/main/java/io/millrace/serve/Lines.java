package io.millrace.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An answer in lines of JSON, each sent as soon as it is known; it is an HTTP error if it fails
 * before its first line. Whoever stops to read stops the work at its next line.
 */
final class Lines {

  private final Context request;
  private boolean begun;

  Lines(Context request) {
    this.request = request;
  }

  void write(Object line) {
    try {
      if (!begun) {
        begun = true;
        request.contentType("application/x-ndjson");
      }
      // The servlet's own stream: Javalin's does not pass a flush on, and nobody would see a line.
      JsonGenerator json = Json.MAPPER.createGenerator(request.res().getOutputStream());
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writePOJO(line);
      json.writeRaw('\n');
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does the work that writes them; a failure is the last line. */
  void answer(Runnable work) throws IOException {
    try {
      work.run();
    } catch (MillraceException e) {
      if (!begun) {
        throw e;
      }
      write(Json.failure(e));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
