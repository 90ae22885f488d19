package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Optional;
import java.util.function.LongFunction;

/** Finds what the number in a request's path names. */
final class ById {

  private ById() {}

  /** Finds it; empty if there is none, which the request has been answered then. */
  static <T> Optional<T> find(Context request, String what, LongFunction<Optional<T>> find) {
    String id = request.pathParam("id");
    Optional<T> found =
        id.matches("[0-9]{1,18}") ? find.apply(Long.parseLong(id)) : Optional.empty();
    if (found.isEmpty()) {
      Json.refuse(
          request,
          HttpStatus.NOT_FOUND,
          "Cannot find %s '%s': GET /api/%ss lists the newest".formatted(what, id, what));
    }
    return found;
  }
}
