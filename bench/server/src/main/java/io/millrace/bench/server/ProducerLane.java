package io.millrace.bench.server;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Batches go to Kafka without a server between. */
public final class ProducerLane implements Lane {

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final List<List<byte[]>> batches;

  /**
   * @param producer shared by all lanes, and not closed with them
   */
  public ProducerLane(Producer<byte[], byte[]> producer, String topic, List<List<byte[]>> batches) {
    this.producer = producer;
    this.topic = topic;
    this.batches = batches;
  }

  @Override
  public void send(long number) throws IOException {
    List<byte[]> batch = batches.get((int) (number % batches.size()));
    CountDownLatch waiting = new CountDownLatch(batch.size());
    AtomicReference<Exception> failure = new AtomicReference<>();
    for (byte[] event : batch) {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, event),
              (where, problem) -> {
                if (problem != null) {
                  failure.set(problem);
                }
                waiting.countDown();
              });
    }
    try {
      waiting.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot go on: interrupted", e);
    }
    if (failure.get() != null) {
      throw new IOException("Cannot send: " + failure.get().getMessage(), failure.get());
    }
  }

  @Override
  public void close() {
    // the producer is everybody's
  }
}
