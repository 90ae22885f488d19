package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.project.Prices;
import io.millrace.project.Project;
import io.millrace.serve.Costs.PerEvent;
import java.time.Duration;
import java.time.InstantSource;

/** {@code GET /api/cost} and {@code GET /api/size}: what work took, and what more would take. */
final class CostRoutes {

  private static final int DAY = 24;
  private static final int LONGEST = 60 * DAY;
  private static final double MOST_EVENTS = 1e9;
  private static final double LARGEST_EVENT = 16 << 20;

  private final Costs costs;
  private final Project project;

  CostRoutes(Parts parts, InstantSource clock) {
    this.costs = new Costs(parts, clock);
    this.project = parts.project();
  }

  void cost(Context request) {
    Json.answer(request, HttpStatus.OK, costs.of(span(request)));
  }

  void size(Context request) {
    PerEvent event =
        costs
            .of(span(request))
            .perEvent()
            .orElseThrow(
                () ->
                    MillraceException.caller(
                        "Cannot size a cluster: no event was measured here; send some, or name more hours"));
    double events = number(request, "events_per_second", MOST_EVENTS);
    double bytes =
        request.queryParam("event_bytes") == null
            ? Math.max(1, event.bytes())
            : number(request, "event_bytes", LARGEST_EVENT);
    Json.answer(
        request,
        HttpStatus.OK,
        Sizing.of(events, bytes, event, project, Prices.of(project.directory())));
  }

  private static Duration span(Context request) {
    return request.queryParam("hours") == null
        ? Duration.ofHours(DAY)
        : Duration.ofHours((long) number(request, "hours", LONGEST));
  }

  private static double number(Context request, String name, double most) {
    String text = request.queryParam(name);
    try {
      double number = Double.parseDouble(text == null ? "" : text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As much a mistake as one out of bounds.
    }
    throw MillraceException.caller(
        "Cannot take '%s' for %s: write a number from 1 to %,.0f".formatted(text, name, most));
  }
}
