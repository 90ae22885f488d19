package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decoder against the second opinion, on seeded random events and broken ones. */
class SecondOpinionTest {

  private final List<Field> fields = Clicks.contract().fields();
  private final EventDecoder decoder = new EventDecoder(Clicks.contract(), 1 << 20);
  private final SecondOpinion second = new SecondOpinion(Clicks.contract());

  @Test
  void readsWhatItReads() {
    RandomEvents events = new RandomEvents(1);
    for (int i = 0; i < 5_000; i++) {
      byte[] event = events.object(fields).getBytes(UTF_8);
      second.requireAgreement(decoder, event, EventDecoder.AT_EVENT_TIME);
      assertThat(decoder.decode(event, 0, event.length, EventDecoder.AT_EVENT_TIME))
          .isEqualTo(Verdict.ACCEPTED);
    }
  }

  @Test
  void judgesBrokenEventsAsItDoes() {
    RandomEvents events = new RandomEvents(2);
    int accepted = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] event = broken(events, events.object(fields).getBytes(UTF_8));
      second.requireAgreement(decoder, event, Clicks.TIME_MICROS);
      boolean sound =
          decoder.decode(event, 0, event.length, Clicks.TIME_MICROS) == Verdict.ACCEPTED;
      accepted += sound ? 1 : 0;
    }
    assertThat(accepted).isBetween(2_000, 20_000);
  }

  /** Changes, takes out, doubles or cuts off some bytes. */
  private static byte[] broken(RandomEvents events, byte[] event) {
    byte[] bytes = event;
    for (int change = events.random.nextInt(3); change >= 0 && bytes.length > 0; change--) {
      int at = events.random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + 1 + events.random.nextInt(6));
      String structure = "{}[]:,\"\\ 0-.eEtrufalsn\t\n";
      switch (events.random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) events.random.nextInt(256);
        case 1, 2 -> bytes[at] = (byte) structure.charAt(events.random.nextInt(structure.length()));
        case 3 -> bytes = joined(bytes, at, bytes, to);
        case 4 -> bytes = joined(bytes, to, bytes, at);
        default -> bytes = Arrays.copyOf(bytes, events.random.nextInt(8) == 0 ? at : bytes.length);
      }
    }
    return bytes;
  }

  /** The first bytes of one up to {@code end}, then those of the other from {@code from}. */
  private static byte[] joined(byte[] one, int end, byte[] other, int from) {
    byte[] joined = Arrays.copyOf(one, end + other.length - from);
    System.arraycopy(other, from, joined, end, other.length - from);
    return joined;
  }
}
