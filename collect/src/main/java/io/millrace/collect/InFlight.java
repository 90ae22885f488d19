package io.millrace.collect;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests that are being handled and the memory of their bodies, both bounded: beyond the
 * bound a producer is told to come back, so that many producers cannot fill the heap.
 */
final class InFlight {

  private final int maxRequests;
  private final long maxBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  InFlight(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /** One request's share; closed when the request is answered. */
  final class Share implements AutoCloseable {
    private long held;

    /** Holds more bytes, or refuses the request. */
    void hold(long more) {
      if (bytes.addAndGet(more) > maxBytes) {
        bytes.addAndGet(-more);
        throw Refused.busy(
            "Cannot take the events now: %d bytes of others wait for Kafka; send them again later"
                .formatted(bytes.get()));
      }
      held += more;
    }

    @Override
    public void close() {
      bytes.addAndGet(-held);
      held = 0;
      requests.decrementAndGet();
    }
  }

  Share enter() {
    if (requests.incrementAndGet() > maxRequests) {
      requests.decrementAndGet();
      throw Refused.busy(
          "Cannot take the events now: %d requests are being handled; send them again later"
              .formatted(maxRequests));
    }
    return new Share();
  }

  int requests() {
    return requests.get();
  }

  long bytes() {
    return bytes.get();
  }
}
