package io.millrace.event;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Any bytes at all: the decoder never throws, reads nothing beside the event, and says what the
 * second opinion says. Plain tests run it on the kept inputs; {@code -Pfuzz} looks for others.
 */
class EventFuzzTest {

  private static final EventDecoder DECODER = new EventDecoder(Clicks.contract(), 1 << 20);
  private static final SecondOpinion SECOND = new SecondOpinion(Clicks.contract());

  @FuzzTest(maxDuration = "", maxExecutions = 8_500_000)
  @DictionaryFile(resourcePath = "event.dict")
  void agreesWithTheSecondOpinion(byte[] event) {
    SECOND.requireAgreement(DECODER, event, Clicks.TIME_MICROS);
  }
}
