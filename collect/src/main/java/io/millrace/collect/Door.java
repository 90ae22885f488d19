package io.millrace.collect;

import io.millrace.core.Meters;
import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict.Rejected;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The door of one stream: decides about each event and sends it to the topic that the verdict says.
 */
final class Door {

  private final StreamContract contract;
  private final int maxEventBytes;
  private final EventRecords records;
  private final LongAdder accepted;
  private final LongAdder rejected;
  private final LongAdder bytes;
  private final LongAdder cpuMicros;
  // A decoder serves one thread at a time and is dear to make; as many live as were ever in use.
  private final ConcurrentLinkedDeque<EventDecoder> decoders = new ConcurrentLinkedDeque<>();

  Door(StreamContract contract, int maxEventBytes, Meters meters) {
    this.contract = contract;
    this.maxEventBytes = maxEventBytes;
    this.records = new EventRecords(contract);
    this.accepted = events(meters, contract.name(), "accepted");
    this.rejected = events(meters, contract.name(), "rejected");
    this.bytes =
        meters.counter(
            "millrace_collect_bytes_total",
            "Bytes of the bodies that were answered 200, decompressed",
            "stream",
            contract.name());
    this.cpuMicros =
        meters.counter(
            "millrace_collect_cpu_microseconds_total",
            "Processor time from reading a body to handing its events to Kafka's client",
            "stream",
            contract.name());
  }

  private static LongAdder events(Meters meters, String stream, String verdict) {
    return meters.counter(
        "millrace_collect_events_total",
        "Events that Kafka has and that were answered for",
        "stream",
        stream,
        "verdict",
        verdict);
  }

  /**
   * Decides about the events and hands them to Kafka, in order, until one is known to have failed.
   *
   * @param received when the request came, or {@link EventDecoder#AT_EVENT_TIME}
   * @param now when the request came
   */
  void send(
      byte[] body,
      Elements elements,
      long received,
      long now,
      Verdicts verdicts,
      Producer<byte[], byte[]> producer,
      Delivery delivery) {
    EventDecoder pooled = decoders.poll();
    EventDecoder decoder = pooled == null ? new EventDecoder(contract, maxEventBytes) : pooled;
    Header receivedNow = EventRecords.received(now);
    for (int i = 0; i < elements.count() && !delivery.failed(); i++) {
      int from = elements.offset(i);
      int length = elements.length(i);
      ProducerRecord<byte[], byte[]> record;
      if (decoder.decode(body, from, length, received) instanceof Rejected breach) {
        verdicts.reject(breach);
        record = records.rejected(copy(body, from, length), breach, receivedNow);
      } else {
        verdicts.accept();
        Header header =
            received == EventDecoder.AT_EVENT_TIME
                ? EventRecords.received(decoder.receivedMicros())
                : receivedNow;
        record = records.accepted(decoder, copy(body, from, length), header);
      }
      send(record, producer, delivery);
    }
    decoders.push(decoder);
  }

  /** Counts a request that is about to be answered 200. */
  void count(Verdicts verdicts, long bodyBytes, Duration cpu) {
    accepted.add(verdicts.accepted());
    rejected.add(verdicts.rejected());
    bytes.add(bodyBytes);
    cpuMicros.add(cpu.toNanos() / 1_000);
  }

  /** All that was counted. */
  Collector.Taken taken() {
    return new Collector.Taken(
        accepted.sum() + rejected.sum(),
        bytes.sum(),
        Duration.of(cpuMicros.sum(), ChronoUnit.MICROS));
  }

  private static void send(
      ProducerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer, Delivery delivery) {
    delivery.expect();
    try {
      var unused = producer.send(record, delivery);
    } catch (RuntimeException e) {
      // Thrown instead of reported only when the record was not taken at all.
      delivery.onCompletion(null, e);
    }
  }

  private static byte[] copy(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
