package io.millrace.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.util.Optional;

/** What a POST says, as JSON alone and of a size that a person or a command writes. */
final class JsonBody {

  private static final int MAX_BYTES = 256 << 10;

  private JsonBody() {}

  /**
   * Reads it; empty if it was refused, which the request has been answered then.
   *
   * @param what is read, for the sentence of a refusal: {@code the query}
   */
  static <T> Optional<T> read(Context request, String what, Class<T> type) throws IOException {
    if (!isJson(request.contentType())) {
      // Also what keeps foreign pages out: a form cannot send this type without a preflight.
      Json.refuse(
          request,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Cannot read %s: send it as Content-Type application/json".formatted(what));
      return Optional.empty();
    }
    byte[] body = request.bodyInputStream().readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      Json.refuse(
          request,
          HttpStatus.CONTENT_TOO_LARGE,
          "Cannot read %s: it is larger than %d bytes".formatted(what, MAX_BYTES));
      return Optional.empty();
    }
    return Optional.of(parse(body, what, type));
  }

  private static boolean isJson(String contentType) {
    return contentType != null && contentType.split(";", 2)[0].strip().equals("application/json");
  }

  private static <T> T parse(byte[] body, String what, Class<T> type) {
    try {
      T value = Json.MAPPER.readValue(body, type);
      if (value == null) {
        throw MillraceException.caller("Cannot read %s: it is null".formatted(what));
      }
      return value;
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof MillraceException reason
          ? reason
          : MillraceException.caller(
              "Cannot read %s: %s".formatted(what, e.getOriginalMessage()), e);
    } catch (IOException e) {
      // Of bytes that are here: they are no text in any encoding that JSON has.
      throw MillraceException.caller("Cannot read %s: %s".formatted(what, e.getMessage()), e);
    }
  }
}
