package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.Meters;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Any body at the collector's door: each event of it becomes one record with the bytes that came,
 * or the whole body is refused and nothing is kept. Plain tests run it on the kept inputs; {@code
 * -Pfuzz} looks for others.
 */
class BodyFuzzTest {

  private static final int MAX_BYTES = 1 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Door DOOR = new Door(Clicks.CONTRACT, MAX_BYTES, new Meters());
  private static final InFlight IN_FLIGHT = new InFlight(1, 4L * MAX_BYTES);

  @FuzzTest(maxDuration = "", maxExecutions = 500_000)
  void isKeptWholeOrRefusedWhole(FuzzedDataProvider data) {
    String type =
        data.pickValue(List.of("application/json", "application/x-ndjson", "text/plain", ""));
    String encoding = data.pickValue(List.of("", "gzip", "identity", "br"));
    byte[] sent = data.consumeRemainingAsBytes();
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    try (InFlight.Share share = IN_FLIGHT.enter()) {
      BodyFormat format = BodyFormat.of(type);
      Body body =
          Body.read(new ByteArrayInputStream(sent), encoding, sent.length, MAX_BYTES, share);
      Elements elements = format.split(body, 1_000);
      Verdicts verdicts = new Verdicts(Verdicts.Listing.ALL);
      Delivery delivery = new Delivery();
      DOOR.send(
          body.bytes(),
          elements,
          RunningCollector.NOW_MICROS,
          RunningCollector.NOW_MICROS,
          verdicts,
          producer,
          delivery);
      delivery.sealed();
      assertThat(delivery.done()).isCompleted();
      assertThat(producer.history()).hasSize(elements.count());
      assertThat(verdicts.accepted() + verdicts.rejected()).isEqualTo(elements.count());
      requireAsSent(body, elements, format, producer);
    } catch (Refused refused) {
      assertThat(refused.status()).isBetween(400, 499);
      assertThat(refused.getMessage()).startsWith("Cannot ");
      assertThat(producer.history()).isEmpty();
    }
    assertThat(IN_FLIGHT.bytes()).isZero();
  }

  /** What Jackson takes for an array has as many events for us, each with the bytes it had. */
  private static void requireAsSent(
      Body body, Elements elements, BodyFormat format, MockProducer<byte[], byte[]> producer) {
    for (int i = 0; i < elements.count(); i++) {
      String event = new String(body.bytes(), elements.offset(i), elements.length(i), UTF_8);
      assertThat(new String(producer.history().get(i).value(), UTF_8)).isEqualTo(event);
    }
    if (format == BodyFormat.ARRAY) {
      try {
        // Given bytes, Jackson would take some for UTF-16 or UTF-32.
        JsonNode array = JSON.readTree(new String(body.bytes(), 0, body.length(), UTF_8));
        assertThat(elements.count()).isEqualTo(array.size());
      } catch (JsonProcessingException e) {
        // One of its events is no JSON, and was rejected by itself.
      }
    }
  }
}
