package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.DataDirectory;
import io.millrace.core.KeyFile;
import io.millrace.core.MillraceException;
import io.millrace.project.Roles;
import io.millrace.project.Sight;
import java.util.Optional;

/**
 * Says of each request what its sender sees of personal values: by the role of the key it has, or,
 * without a key, by the default role.
 */
final class Access implements Handler {

  private static final String SIGHT = "sight";
  private static final String BEARER = "Bearer ";

  private final Roles roles;
  private final KeyFile keys;

  Access(Roles roles, DataDirectory data) {
    this.roles = roles;
    this.keys = new KeyFile(data.readKeys(), "read key");
  }

  @Override
  public void handle(Context request) {
    String header = request.header("Authorization");
    if (header == null) {
      request.attribute(SIGHT, roles.sight(roles.byDefault()));
      return;
    }
    Optional<KeyFile.Holder> holder =
        header.startsWith(BEARER)
            ? keys.find(header.substring(BEARER.length()).strip())
            : Optional.empty();
    if (holder.isEmpty()) {
      refuse(
          request,
          "Cannot answer: the key is none that may read; 'millrace key NAME --role ROLE' makes one");
    } else if (!roles.sights().containsKey(holder.get().role())) {
      refuse(
          request,
          "Cannot answer: the key '%s' is for role '%s', which millrace.yaml does not have; add the role, or make another key"
              .formatted(holder.get().name(), holder.get().role()));
    } else {
      request.attribute(SIGHT, roles.sight(holder.get().role()));
    }
  }

  private static void refuse(Context request, String sentence) {
    Json.refuse(request, HttpStatus.UNAUTHORIZED, sentence);
    request.skipRemainingHandlers();
  }

  /** What the sender of a request sees. */
  static Sight of(Context request) {
    Sight sight = request.attribute(SIGHT);
    if (sight == null) {
      throw MillraceException.us("Cannot answer: nobody said who asks", null);
    }
    return sight;
  }
}
