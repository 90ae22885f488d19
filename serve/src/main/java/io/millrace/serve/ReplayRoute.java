package io.millrace.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.Sight;
import io.millrace.project.StreamContract;
import io.millrace.serve.Replays.Judged;
import io.millrace.serve.Replays.Mode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /api/streams/{stream}/replay}: sends rejected events through the present contract, or
 * rebuilds the stream from a time on, and answers in lines of how far it is. Whoever stops to read
 * stops the replay; what it sent by then is known to the next.
 */
final class ReplayRoute implements Handler {

  /**
   * What is asked. With {@code from}, the stream is rebuilt; without, rejected events are sent.
   *
   * @param plan only says what would be done
   * @param swap what was rebuilt takes the place of what was there
   * @param source {@code topic} or {@code bronze}
   */
  private record Question(
      Optional<String> where,
      Optional<Boolean> plan,
      Optional<String> from,
      Optional<String> to,
      Optional<Boolean> swap,
      Optional<String> source) {

    boolean isPlan() {
      return plan.orElse(false);
    }

    boolean isSwap() {
      return swap.orElse(false);
    }
  }

  /** A line of the answer, of which the last says that it is complete. */
  private record Line(boolean complete, List<Judged> events) {}

  private final Project project;
  private final Replays replays;
  private final Rebuilds rebuilds;

  ReplayRoute(Parts parts) {
    this.project = parts.project();
    this.replays = parts.replays();
    this.rebuilds = parts.rebuilds();
  }

  @Override
  public void handle(Context request) throws IOException {
    StreamContract contract = project.contract(request.pathParam("stream"));
    if (contract.isPersonal() && Access.of(request) != Sight.CLEAR) {
      // A condition over events as they came answers what is in them.
      Json.refuse(
          request,
          HttpStatus.FORBIDDEN,
          "Cannot replay %s: its rejected events have personal data, which your role does not see; use a key of a role that is 'clear'"
              .formatted(contract.name()));
      return;
    }
    String stream = contract.name();
    Optional<Question> asked = JsonBody.read(request, "the request", Question.class);
    if (asked.isPresent()) {
      answer(stream, asked.get(), new Lines(request));
    }
  }

  private void answer(String stream, Question asked, Lines lines) throws IOException {
    lines.answer(
        () -> {
          if (asked.from().isPresent()) {
            rebuild(stream, asked, lines);
          } else {
            send(stream, asked, lines);
          }
        });
  }

  private void send(String stream, Question asked, Lines lines) {
    if (asked.to().isPresent() || asked.swap().isPresent() || asked.source().isPresent()) {
      throw MillraceException.caller(
          "Cannot replay rejected events with 'to', 'swap' or 'source': these go with 'from'");
    }
    Mode mode = asked.isPlan() ? Mode.PLAN : Mode.SEND;
    lines.write(
        new Line(
            true,
            replays.replay(
                stream, asked.where(), mode, soFar -> lines.write(new Line(false, soFar)))));
  }

  private void rebuild(String stream, Question asked, Lines lines) {
    if (asked.where().isPresent() || (asked.isPlan() && asked.isSwap())) {
      throw MillraceException.caller(
          "Cannot replay '%s' from a time with 'where', or with 'plan' and 'swap' at once"
              .formatted(stream));
    }
    Interval span = Asked.span(project, Set.of(), asked.from(), asked.to());
    Rebuilds.Mode mode =
        asked.isPlan()
            ? Rebuilds.Mode.PLAN
            : asked.isSwap() ? Rebuilds.Mode.SWAP : Rebuilds.Mode.COMPARE;
    rebuilds.rebuild(
        stream,
        span,
        asked.source().map(it -> source(stream, it)),
        mode,
        line -> {
          if (line.path("complete").asBoolean()) {
            ArrayNode models = line.putArray("models");
            project
                .modelsOf(List.of(project.contract(stream)))
                .forEach(it -> models.add(it.name().toString()));
          }
          lines.write(line);
        });
  }

  private static Rebuilds.Source source(String stream, String asked) {
    return Arrays.stream(Rebuilds.Source.values())
        .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(asked))
        .findFirst()
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot replay '%s' from '%s': its source is 'topic' or 'bronze'; without one it is the topic as far as that goes back, and bronze before"
                        .formatted(stream, asked)));
  }
}
