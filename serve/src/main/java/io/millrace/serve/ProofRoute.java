package io.millrace.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.prove.Depth;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** {@code GET /api/proof}: one proof at a time, for a full one reads everything there is. */
final class ProofRoute implements Handler {

  /** Longer than a sealed proof takes, and too short for requests to pile up behind a full one. */
  private static final long PATIENCE_SECONDS = 5;

  /** Shows in JSON what a proof says of itself. */
  interface Outcome {
    @JsonProperty("holds")
    boolean holds();
  }

  private final Set<String> streams;
  private final Balances balances;
  private final ReentrantLock proving = new ReentrantLock();

  ProofRoute(Set<String> streams, Balances balances) {
    this.streams = streams;
    this.balances = balances;
  }

  @Override
  public void handle(Context request) {
    Optional<String> stream = Optional.ofNullable(request.queryParam("stream"));
    if (stream.isPresent() && !streams.contains(stream.get())) {
      Json.refuse(
          request,
          HttpStatus.NOT_FOUND,
          "Cannot prove stream '%s': %s"
              .formatted(stream.get(), NearMatch.remedy(streams, stream.get())));
      return;
    }
    Depth depth = "true".equals(request.queryParam("full")) ? Depth.FULL : Depth.SEALED;
    await(proving);
    try {
      Json.answer(request, HttpStatus.OK, balances.prove(stream, depth));
    } finally {
      proving.unlock();
    }
  }

  private static void await(ReentrantLock lock) {
    try {
      if (lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw MillraceException.world("Cannot prove now: another proof is running; try again later");
  }
}
