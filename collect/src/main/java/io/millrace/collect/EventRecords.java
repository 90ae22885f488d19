package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Verdict.Rejected;
import io.millrace.project.StreamContract;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The records of one stream, as its topics have them: an event's bytes as they came. */
final class EventRecords {

  private static final byte[] NO_KEY = null;

  private final StreamContract contract;
  private final Header version;

  EventRecords(StreamContract contract) {
    this.contract = contract;
    this.version =
        new RecordHeader(
            EventHeaders.CONTRACT_VERSION,
            ByteBuffer.allocate(Integer.BYTES).putInt(contract.version()).array());
  }

  /** Of the event that a decoder has just accepted. */
  ProducerRecord<byte[], byte[]> accepted(EventDecoder decoder, byte[] value, Header received) {
    return new ProducerRecord<>(
        contract.topic(), null, key(decoder), value, List.of(received, version));
  }

  ProducerRecord<byte[], byte[]> rejected(byte[] value, Rejected breach, Header received) {
    return new ProducerRecord<>(
        contract.rejectedTopic(),
        null,
        NO_KEY,
        value,
        List.of(
            received,
            version,
            new RecordHeader(EventHeaders.REASON, breach.reason().toString().getBytes(UTF_8)),
            new RecordHeader(EventHeaders.FIELD, breach.field().getBytes(UTF_8)),
            new RecordHeader(EventHeaders.DETAIL, breach.detail().getBytes(UTF_8))));
  }

  static Header received(long micros) {
    return new RecordHeader(
        EventHeaders.RECEIVED, ByteBuffer.allocate(Long.BYTES).putLong(micros).array());
  }

  private static byte[] key(EventDecoder decoder) {
    int position = decoder.keyPosition();
    if (decoder.row().isNull(position)) {
      return NO_KEY;
    }
    int from = decoder.row().offsetAt(position);
    return Arrays.copyOfRange(
        decoder.row().bytesAt(position), from, from + decoder.row().lengthAt(position));
  }
}
