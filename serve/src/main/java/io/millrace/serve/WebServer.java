package io.millrace.serve;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.handler.ErrorHandler;

/**
 * The HTTP server that collector, API and console share: each adds its routes. What no route can
 * read, because its address is broken, the server refuses itself, as the API refuses.
 */
public final class WebServer {

  /** A percent sign without two hexadecimal digits, and what stands in their place. */
  private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2}).{0,2}");

  private static final String REMEDY =
      "write two hexadecimal digits behind '%', and '%25' for a percent sign itself";

  private WebServer() {}

  /** Makes it, without routes and not yet started. */
  public static Javalin create() {
    Javalin app =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.startupWatcherEnabled = false;
              config.jetty.modifyServer(server -> server.setErrorHandler(new Unreadable()));
            });
    // Javalin decodes a path before its route's handler, and leaves out what it cannot decode of a
    // query: the first would be an error of ours, the second an answer to another question.
    app.before(WebServer::requireEscapes);
    return app;
  }

  private static void requireEscapes(Context request) {
    refusal("path", request.path())
        .or(() -> refusal("query", Optional.ofNullable(request.queryString()).orElse("")))
        .ifPresent(
            sentence -> {
              Json.refuse(request, HttpStatus.BAD_REQUEST, sentence);
              request.skipRemainingHandlers();
            });
  }

  private static Optional<String> refusal(String what, String text) {
    Matcher broken = NO_ESCAPE.matcher(text);
    return broken.find()
        ? Optional.of(
            "Cannot read the %s '%s': '%s' is no escape; %s"
                .formatted(what, text, broken.group(), REMEDY))
        : Optional.empty();
  }

  /**
   * Says so of what is no request at all: no handler ever gets it, and its address is not known.
   */
  private static final class Unreadable extends ErrorHandler {

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable headers) {
      headers.put(HttpHeader.CONTENT_TYPE, "application/json");
      String why =
          Optional.ofNullable(reason).orElseGet(() -> HttpStatus.forStatus(status).getMessage());
      String sentence =
          "Cannot read the request: its first line or its headers are not valid (%s); in its address, %s"
              .formatted(why, REMEDY);
      return ByteBuffer.wrap(Json.bytes(new Json.Failure(sentence, "caller")));
    }
  }
}
