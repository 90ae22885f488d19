package io.millrace.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.serve.Replays.Judged;
import io.millrace.serve.Replays.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/streams/{stream}/replay}: sends rejected events through the present contract,
 * and answers in lines of how far it is. Whoever stops to read stops the replay; what it sent by
 * then is known to the next.
 */
final class ReplayRoute implements Handler {

  /** What is asked; without {@code plan}, events are sent. */
  private record Question(Optional<String> where, Optional<Boolean> plan) {}

  /** A line of the answer, of which the last says that it is complete. */
  private record Line(boolean complete, List<Judged> events) {}

  private final Project project;
  private final Replays replays;

  ReplayRoute(Project project, Replays replays) {
    this.project = project;
    this.replays = replays;
  }

  @Override
  public void handle(Context request) throws IOException {
    String stream = project.contract(request.pathParam("stream")).name();
    Optional<Question> asked = JsonBody.read(request, "the request", Question.class);
    if (asked.isPresent()) {
      answer(stream, asked.get(), new Lines(request));
    }
  }

  private void answer(String stream, Question asked, Lines lines) throws IOException {
    Mode mode = asked.plan().orElse(false) ? Mode.PLAN : Mode.SEND;
    try {
      lines.write(
          new Line(
              true,
              replays.replay(
                  stream, asked.where(), mode, soFar -> lines.write(new Line(false, soFar)))));
    } catch (MillraceException e) {
      if (!lines.begun) {
        throw e;
      }
      lines.write(Json.failure(e));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The answer, which is an HTTP error if it fails before its first line. */
  private static final class Lines {
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
        // The servlet's own stream: Javalin's does not pass a flush on, and nobody would see a
        // line.
        JsonGenerator json = Json.MAPPER.createGenerator(request.res().getOutputStream());
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writePOJO(line);
        json.writeRaw('\n');
        json.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
