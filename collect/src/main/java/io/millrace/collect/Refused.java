package io.millrace.collect;

import io.millrace.core.MillraceException.Code;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a whole request is refused: how HTTP says it, who must act, and the sentence. It ends the
 * handling of the request wherever that is, and never leaves this package.
 */
final class Refused extends RuntimeException {

  private final int status;
  private final String cause;
  private final Code code;
  private final Optional<Duration> retryAfter;

  private Refused(
      int status, String cause, Code code, String message, Optional<Duration> retryAfter) {
    // Refusals are many when there is too much work, and nobody reads where they came from.
    super(message, null, false, false);
    this.status = status;
    this.cause = cause;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static Refused unreadable(String message) {
    return new Refused(400, "unreadable", Code.CALLER, message, Optional.empty());
  }

  static Refused noKey(String message) {
    return new Refused(401, "no_key", Code.CALLER, message, Optional.empty());
  }

  static Refused unknownStream(String message) {
    return new Refused(404, "unknown_stream", Code.CALLER, message, Optional.empty());
  }

  static Refused tooLarge(String message) {
    return new Refused(413, "too_large", Code.CALLER, message, Optional.empty());
  }

  static Refused unknownFormat(String message) {
    return new Refused(415, "unknown_format", Code.CALLER, message, Optional.empty());
  }

  static Refused tooFast(String message, Duration retryAfter) {
    return new Refused(429, "too_fast", Code.CALLER, message, Optional.of(retryAfter));
  }

  static Refused busy(String message) {
    return new Refused(429, "busy", Code.WORLD, message, Optional.of(Duration.ofSeconds(1)));
  }

  static Refused diskFull(String message) {
    return new Refused(503, "disk_full", Code.WORLD, message, Optional.of(Duration.ofSeconds(10)));
  }

  static Refused unconfirmed(String message) {
    return new Refused(
        503, "unconfirmed", Code.UNKNOWN, message, Optional.of(Duration.ofSeconds(2)));
  }

  static Refused kafkaDown(String message, Duration retryAfter) {
    return new Refused(503, "kafka_down", Code.WORLD, message, Optional.of(retryAfter));
  }

  /** A bug: nothing a producer could do about it. */
  static Refused broken(String message) {
    return new Refused(500, "broken", Code.US, message, Optional.empty());
  }

  int status() {
    return status;
  }

  /** One word for the count of refusals. */
  String word() {
    return cause;
  }

  Code code() {
    return code;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
