package io.millrace.collect;

import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict.Rejected;
import io.millrace.project.StreamContract;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Asks the present contract about events that were rejected, and counts what it says. */
final class Judge {

  private final EventDecoder decoder;
  private final EventRecords records;
  private final ReplayLog done;
  private final SortedMap<Judged, Long> counts = new TreeMap<>();

  Judge(StreamContract contract, int maxEventBytes, ReplayLog done) {
    this.decoder = new EventDecoder(contract, maxEventBytes);
    this.records = new EventRecords(contract);
    this.done = done;
  }

  /** The record to send; none if the event is still rejected, or was sent before. */
  Optional<ProducerRecord<byte[], byte[]>> judge(RejectedEvent event) {
    byte[] value = event.value();
    if (done.has(event.origin())) {
      count(event, Judged.REPLAYED);
    } else if (decoder.decode(value, 0, value.length, event.receivedMicros())
        instanceof Rejected breach) {
      count(event, breach.reason().toString());
    } else {
      count(event, Judged.ACCEPTED);
      ProducerRecord<byte[], byte[]> record =
          records.accepted(decoder, value, EventRecords.received(event.receivedMicros()));
      record.headers().add(event.origin().header());
      return Optional.of(record);
    }
    return Optional.empty();
  }

  private void count(RejectedEvent event, String now) {
    counts.merge(new Judged(event.reason(), now), 1L, Long::sum);
  }

  /** How many events so far. */
  SortedMap<Judged, Long> counts() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
