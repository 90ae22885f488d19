package io.millrace.bench.server;

import java.io.Closeable;
import java.io.IOException;

/** A way of batches to Kafka, one after the other. For one thread. */
public interface Lane extends Closeable {

  /**
   * Sends a batch and waits until somebody says that Kafka has it.
   *
   * @param number any; batches come round again
   */
  void send(long number) throws IOException;
}
