package io.millrace.engine;

/** A view turned out not to be one that can be kept up to date by key. */
final class NotKeyed extends RuntimeException {

  NotKeyed(String reason) {
    super(reason, null, false, false);
  }
}
