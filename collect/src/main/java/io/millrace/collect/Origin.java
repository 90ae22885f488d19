package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.EventHeaders;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Where a rejected event came in, which is what it is known by. */
public record Origin(String topic, int partition, long offset) {

  private static final Pattern TEXT = Pattern.compile("([\\w.-]+)/([0-9]{1,9})/([0-9]{1,18})");

  /** What an event that is sent again carries. */
  Header header() {
    return new RecordHeader(EventHeaders.REPLAYED_FROM, toString().getBytes(UTF_8));
  }

  /** The origin of a record; others may write the topic, and anything as a header. */
  static Optional<Origin> of(Headers headers) {
    return Optional.ofNullable(headers.lastHeader(EventHeaders.REPLAYED_FROM))
        .flatMap(header -> Optional.ofNullable(header.value()))
        .map(value -> TEXT.matcher(new String(value, UTF_8)))
        .filter(Matcher::matches)
        .map(
            text ->
                new Origin(
                    text.group(1), Integer.parseInt(text.group(2)), Long.parseLong(text.group(3))));
  }

  @Override
  public String toString() {
    return topic + "/" + partition + "/" + offset;
  }
}
