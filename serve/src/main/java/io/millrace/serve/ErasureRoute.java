package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.project.Sight;
import io.millrace.serve.Erasing.Certificate;
import io.millrace.serve.Erasing.Part;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/erasures}: takes people out of streams, the lake and its history, and answers in
 * lines of what it is doing. Whoever stops to read stops the erasure, and another goes on with it.
 */
final class ErasureRoute implements Handler {

  /** Whom; with {@code plan}, rows are only counted. */
  private record Question(List<String> people, Optional<Boolean> plan) {}

  /** A line of the answer; the last one has what became of it. */
  private record Line(Optional<String> progress, List<Part> plan, Optional<Certificate> done) {}

  private final Erasing erasing;

  ErasureRoute(Erasing erasing) {
    this.erasing = erasing;
  }

  @Override
  public void handle(Context request) throws IOException {
    if (Access.of(request) != Sight.CLEAR) {
      // How many rows somebody has says that they are there.
      Json.refuse(
          request,
          HttpStatus.FORBIDDEN,
          "Cannot erase: your role does not see personal data; use a key of a role that is 'clear'");
      return;
    }
    Optional<Question> asked = JsonBody.read(request, "the people", Question.class);
    if (asked.isPresent()) {
      List<String> people = Optional.ofNullable(asked.get().people()).orElse(List.of());
      Lines lines = new Lines(request);
      lines.answer(
          () ->
              lines.write(
                  asked.get().plan().orElse(false)
                      ? new Line(Optional.empty(), erasing.plan(people), Optional.empty())
                      : done(erasing.erase(people, say -> lines.write(progress(say))))));
    }
  }

  private static Line done(Certificate certificate) {
    return new Line(Optional.empty(), List.of(), Optional.of(certificate));
  }

  private static Line progress(String sentence) {
    return new Line(Optional.of(sentence), List.of(), Optional.empty());
  }
}
