package io.millrace.collect;

import io.millrace.collect.Acknowledged.Count;
import io.millrace.collect.Acknowledged.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The records of one request on their way to Kafka, and what has come back of them. It is done when
 * the last one is, and never before {@link #sealed} said that there are no more.
 */
final class Delivery implements Callback {

  private final CompletableFuture<Map<Place, Count>> done = new CompletableFuture<>();
  private final Map<Place, Count> kept = new HashMap<>();
  private int waiting = 1;
  private Exception failure;

  /** Says that another record is about to be sent. */
  synchronized void expect() {
    waiting++;
  }

  /** True once a record is known not to have been confirmed; sending more would be in vain. */
  synchronized boolean failed() {
    return failure != null;
  }

  /** Says that all records have been sent. */
  void sealed() {
    settle();
  }

  /** Where Kafka kept the records; fails if it did not say so for each. */
  CompletableFuture<Map<Place, Count>> done() {
    return done;
  }

  @Override
  public void onCompletion(RecordMetadata where, Exception problem) {
    synchronized (this) {
      if (problem == null) {
        kept.merge(
            new Place(where.topic(), where.partition()), new Count(1, where.offset()), Count::plus);
      } else if (failure == null) {
        failure = problem;
      }
    }
    settle();
  }

  private void settle() {
    Exception problem;
    synchronized (this) {
      if (--waiting > 0) {
        return;
      }
      problem = failure;
    }
    if (problem == null) {
      done.complete(kept);
    } else {
      done.completeExceptionally(problem);
    }
  }
}
