package io.millrace.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.event.LiveRow;
import io.millrace.live.LiveStream;
import io.millrace.live.LiveValues;
import io.millrace.project.Project;
import io.millrace.project.Sight;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * {@code GET /v1/live/{stream}/{key}}: the newest row of a key. A key that cannot be part of a path
 * is asked for as {@code ?key=}.
 */
final class LiveRoute implements Handler {

  /**
   * The newest row of a key.
   *
   * @param row its columns, those that are null left out
   */
  private record Answer(String stream, String key, Version version, ObjectNode row) {}

  /** Which record the row is of. */
  private record Version(Instant eventTime, int topicPartition, long topicOffset) {
    static Version of(LiveRow.Version version) {
      return new Version(
          Instant.EPOCH.plus(version.eventTimeMicros(), ChronoUnit.MICROS),
          version.partition(),
          version.offset());
    }
  }

  private final Project project;
  private final LiveValues live;

  LiveRoute(Project project, LiveValues live) {
    this.project = project;
    this.live = live;
  }

  @Override
  public void handle(Context request) throws IOException {
    String name = request.pathParam("stream");
    StreamContract contract = project.streams().get(name);
    if (contract == null) {
      refuse(request, name, NearMatch.remedy(project.streams().keySet(), name));
    } else if (live.find(name).isEmpty()) {
      refuse(
          request,
          name,
          "it keeps none; name the field by which to look with 'live' in streams/%s.yaml, then run millrace apply"
              .formatted(name));
    } else {
      answer(request, live.find(name).get(), Access.of(request));
    }
  }

  private static void refuse(Context request, String stream, String why) {
    Json.refuse(
        request,
        HttpStatus.NOT_FOUND,
        "Cannot read live values of '%s': %s".formatted(stream, why));
  }

  private static void answer(Context request, LiveStream live, Sight sight) throws IOException {
    StreamContract contract = live.contract();
    String field = contract.live().orElseThrow();
    VeiledRow veiled = new VeiledRow(contract, sight);
    if (!veiled.shows(contract.field(field))) {
      // Whether there is a row tells that a person is there.
      Json.refuse(
          request,
          HttpStatus.FORBIDDEN,
          "Cannot look for %s of '%s': your role does not see it"
              .formatted(field, contract.name()));
      return;
    }
    String key = key(request);
    Optional<LiveRow> row = live.find(key);
    if (row.isEmpty()) {
      Json.refuse(
          request,
          HttpStatus.NOT_FOUND,
          "Cannot find a row of '%s': none has %s '%s'".formatted(contract.name(), field, key));
      return;
    }
    Json.answer(
        request,
        HttpStatus.OK,
        new Answer(
            contract.name(),
            key,
            Version.of(row.get().version()),
            veiled.of(row.get().json().orElseThrow())));
  }

  private static String key(Context request) {
    return Optional.ofNullable(request.queryParam("key"))
        .or(() -> Optional.ofNullable(request.pathParamMap().get("key")))
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot look without a key: write it behind the stream, or as ?key="));
  }
}
