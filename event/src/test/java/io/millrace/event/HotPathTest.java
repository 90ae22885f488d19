package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HotPathTest {

  private static final int EVENTS = 1_000;

  @Test
  void allocatesNothingForAnAcceptedEvent() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    EventDecoder decoder = new EventDecoder(Clicks.contract(), 1 << 20);
    RandomEvents random = new RandomEvents(4);
    // A double of many digits goes to the JDK, which makes objects of them.
    List<Field> fields =
        Clicks.contract().fields().stream().filter(f -> f.type() != Scalar.DOUBLE).toList();
    List<byte[]> events =
        Stream.generate(() -> random.object(fields).getBytes(UTF_8)).limit(EVENTS).toList();
    decodeAll(decoder, events); // makes the rows that are kept
    decodeAll(decoder, events);
    long before = threads.getCurrentThreadAllocatedBytes();
    decodeAll(decoder, events);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated / EVENTS).isZero();
  }

  private static void decodeAll(EventDecoder decoder, List<byte[]> events) {
    for (int i = 0; i < events.size(); i++) {
      byte[] event = events.get(i);
      if (decoder.decode(event, 0, event.length, EventDecoder.AT_EVENT_TIME) != Verdict.ACCEPTED) {
        throw new AssertionError(new String(event, UTF_8));
      }
    }
  }
}
