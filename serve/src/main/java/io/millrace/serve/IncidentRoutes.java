package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.Incident;
import io.millrace.core.Incidents;
import java.io.IOException;
import java.util.Optional;

/** {@code /api/incidents}: what has gone wrong. */
final class IncidentRoutes {

  private static final int SHOWN = 100;

  private final Incidents incidents;

  IncidentRoutes(Incidents incidents) {
    this.incidents = incidents;
  }

  void recent(Context request) {
    Json.answer(request, HttpStatus.OK, incidents.recent(SHOWN));
  }

  void acknowledge(Context request) throws IOException {
    if (JsonBody.read(request, "the request", Object.class).isPresent()) {
      Optional<Incident> known = ById.find(request, "incident", incidents::find);
      if (known.isPresent()) {
        incidents.acknowledge(known.get().id());
        Json.answer(request, HttpStatus.OK, incidents.find(known.get().id()).orElseThrow());
      }
    }
  }
}
