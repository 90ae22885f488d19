package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lets in only what this machine's user opened. Listening on the loopback interface is not enough:
 * any page in the user's browser can send requests there, and a name that an attacker points at
 * 127.0.0.1 makes that page "same origin". So the Host must be a loopback name, and an Origin, when
 * the browser sends one, must be that same host. For an image or a frame it sends none, but says
 * that the page is of another site (W3C Fetch Metadata); such a page may only link here.
 */
final class Loopback implements Handler {

  private static final Pattern HOST =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

  /** The console needs its own scripts, styles and answers; nothing else may load or frame it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
              + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
              + "require-trusted-types-for 'script'; trusted-types 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  @Override
  public void handle(Context request) {
    HEADERS.forEach(request::header);
    Optional<String> refusal =
        refusal(request.header("Host"), request.header("Origin"))
            .or(
                () ->
                    refusalOf(request.header("Sec-Fetch-Site"), request.header("Sec-Fetch-Dest")));
    if (refusal.isPresent()) {
      Json.refuse(request, HttpStatus.FORBIDDEN, refusal.get());
      request.skipRemainingHandlers();
    }
  }

  /** Why a request of a page of this site is not let in, for what it wants; either may be null. */
  static Optional<String> refusalOf(String site, String destination) {
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    return foreign && !"document".equals(destination)
        ? Optional.of(
            "Cannot answer a page of another site: only pages of this server may use its API")
        : Optional.empty();
  }

  /** Why a request with these headers is not let in; either may be null. */
  static Optional<String> refusal(String host, String origin) {
    if (host == null || !HOST.matcher(host).matches()) {
      return Optional.of(
          "Cannot answer for host '%s': open http://localhost or http://127.0.0.1 with the port of the server"
              .formatted(host == null ? "" : host));
    }
    if (origin != null && !origin.equals("http://" + host)) {
      return Optional.of(
          "Cannot answer a page of '%s': only pages of this server may use its API"
              .formatted(origin));
    }
    return Optional.empty();
  }
}
