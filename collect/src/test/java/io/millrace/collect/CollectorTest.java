package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.collect.Acknowledged.Count;
import io.millrace.collect.Acknowledged.Place;
import io.millrace.project.Settings;
import io.millrace.testkit.Broker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {

  @TempDir static Path kafka;
  static Broker broker;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(kafka);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void answersWithAVerdictForEachEventOnceKafkaHasThem() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String body = "[" + Clicks.good(1) + " ,\n" + Clicks.bad(2) + "," + Clicks.good(3) + "]";
      HttpResponse<String> response = collector.post("application/json", body);
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode answer = RunningCollector.json(response);
      assertThat(answer.get("accepted").intValue()).isEqualTo(2);
      assertThat(answer.get("rejected").intValue()).isEqualTo(1);
      assertThat(answer.get("verdicts").get(0).textValue()).isEqualTo("accepted");
      JsonNode rejected = answer.get("verdicts").get(1).get("rejected");
      assertThat(rejected.get("reason").textValue()).isEqualTo("wrong_type");
      assertThat(rejected.get("field").textValue()).isEqualTo("price");
      assertThat(rejected.get("offset").intValue()).isEqualTo(Clicks.bad(2).indexOf("true"));
      assertThat(answer.get("verdicts")).hasSize(3);
    }
  }

  @Test
  void keepsTheBytesAsTheyCameWithKeyAndHeaders() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      collector.post("application/json", "[ " + Clicks.good(1) + " , " + Clicks.bad(2) + " ]");
      ConsumerRecord<byte[], byte[]> accepted = collector.records("clicks").get(0);
      assertThat(new String(accepted.value(), UTF_8)).isEqualTo(Clicks.good(1));
      assertThat(new String(accepted.key(), UTF_8)).isEqualTo("u1");
      assertThat(
              ByteBuffer.wrap(accepted.headers().lastHeader("contract-version").value()).getInt())
          .isEqualTo(3);
      assertThat(ByteBuffer.wrap(accepted.headers().lastHeader("received").value()).getLong())
          .isEqualTo(RunningCollector.NOW_MICROS);
      ConsumerRecord<byte[], byte[]> rejected = collector.records("clicks.rejected").get(0);
      assertThat(new String(rejected.value(), UTF_8)).isEqualTo(Clicks.bad(2));
      assertThat(rejected.key()).isNull();
      assertThat(header(rejected, "reason")).isEqualTo("wrong_type");
      assertThat(header(rejected, "field")).isEqualTo("price");
      assertThat(header(rejected, "detail")).contains("true");
    }
  }

  @Test
  void takesHistoryAsReceivedWhenItHappened() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      collector.post(
          "application/x-ndjson",
          Clicks.good(1).getBytes(UTF_8),
          "X-Millrace-Received",
          "event-time");
      ConsumerRecord<byte[], byte[]> record = collector.records("clicks").get(0);
      assertThat(ByteBuffer.wrap(record.headers().lastHeader("received").value()).getLong())
          .isEqualTo(1_769_853_600_000_000L);
    }
  }

  @Test
  void takesLinesAndListsOnlyTheRejectedWhenAskedTo() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String body = Clicks.good(1) + "\r\n\n" + "{broken\n" + Clicks.good(2);
      HttpResponse<String> response =
          collector.postTo(
              "clicks?verdicts=rejected", "application/x-ndjson", body.getBytes(UTF_8));
      JsonNode answer = RunningCollector.json(response);
      assertThat(answer.get("accepted").intValue()).isEqualTo(2);
      assertThat(answer.get("verdicts")).hasSize(1);
      assertThat(answer.get("verdicts").get(0).get("index").intValue()).isEqualTo(1);
      assertThat(answer.get("verdicts").get(0).get("rejected").get("reason").textValue())
          .isEqualTo("bad_json");
    }
  }

  @Test
  void countsWhatItAnsweredForAndNothingElse() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      collector.post("application/json", "[" + Clicks.good(1) + "," + Clicks.bad(2) + "]");
      collector.post("application/json", "[" + Clicks.good(1) + "]");
      collector.post("application/json", "[" + Clicks.good(1));
      collector.stop();
      int partition = collector.records("clicks").get(0).partition();
      assertThat(Acknowledged.read(collector.data().metadata()))
          .containsOnly(
              entry(new Place("clicks", partition), new Count(2, 1)),
              entry(new Place("clicks.rejected", 0), new Count(1, 0)));
    }
  }

  @Test
  void takesGzipAndChunks() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String body =
          IntStream.range(0, 5_000).mapToObj(Clicks::good).collect(Collectors.joining("\n"));
      HttpResponse<String> response = collector.postChunks("application/x-ndjson", gzip(body));
      assertThat(RunningCollector.json(response).get("accepted").intValue()).isEqualTo(5_000);
      assertThat(collector.records("clicks")).hasSize(5_000);
    }
  }

  @Test
  void stopsReadingAGzipBombAtTheLimit() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      byte[] bomb = gzip("0".repeat(100 << 20));
      HttpResponse<String> response =
          collector.post("application/x-ndjson", bomb, "Content-Encoding", "gzip");
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(RunningCollector.error(response))
          .isEqualTo(
              "Cannot take a body of more than 16777216 bytes, counted after decompression: send several");
    }
  }

  @Test
  void saysWhatIsWrongWithARequestItRefuses() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String event = Clicks.good(1);
      byte[] cut = Arrays.copyOf(gzip(event), 40);
      assertRefused(
          collector.post("application/json", "[" + event + ","),
          400,
          "Cannot read the body as a JSON array at byte 106 of 106: the array is not closed; nothing was kept");
      assertRefused(
          collector.post("application/json", event), 400, "an array of events starts with '['");
      assertRefused(
          collector.post("application/x-ndjson", cut, "Content-Encoding", "gzip"),
          400,
          "Cannot read the body: it ends too early");
      assertRefused(
          collector.post("text/plain", event),
          415,
          "Cannot read a body with Content-Type 'text/plain': send a JSON array as application/json");
      assertRefused(
          collector.postTo("click", "application/json", event.getBytes(UTF_8)),
          404,
          "Cannot find stream 'click': did you mean 'clicks'?");
      assertRefused(
          collector.postWithKey("wrong", event), 401, "Cannot take events with this write key");
      assertThat(collector.records("clicks")).isEmpty();
    }
  }

  @Test
  void asksToWaitWhenAProducerIsTooFast() throws Exception {
    Settings settings = RunningCollector.settings(100, 0);
    try (RunningCollector collector = RunningCollector.start(folder, broker, settings)) {
      String body =
          IntStream.range(0, 300).mapToObj(Clicks::good).collect(Collectors.joining("\n"));
      assertThat(collector.post("application/x-ndjson", body).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = collector.post("application/x-ndjson", Clicks.good(1));
      assertRefused(refused, 429, "Cannot take more than 100 events a second from one write key");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("3");
      collector.advance(Duration.ofSeconds(3));
      assertThat(collector.post("application/x-ndjson", Clicks.good(1)).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void asksToWaitWhenTheDiskIsNearlyFull() throws Exception {
    Settings settings = RunningCollector.settings(100, RunningCollector.FREE_BYTES + 1);
    try (RunningCollector collector = RunningCollector.start(folder, broker, settings)) {
      HttpResponse<String> refused = collector.post("application/x-ndjson", Clicks.good(1));
      assertRefused(
          refused, 503, "Cannot take events: 1000 bytes of disk are free, and 1001 are kept free");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
    }
  }

  @Test
  void keepsARejectedEventThatIsLargerThanAnyAcceptedOne() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String large = "{\"padding\":\"" + "x".repeat(3 << 20) + "\"}";
      JsonNode answer = RunningCollector.json(collector.post("application/x-ndjson", large));
      assertThat(answer.get("verdicts").get(0).get("rejected").get("reason").textValue())
          .isEqualTo("too_large");
      assertThat(collector.records("clicks.rejected").get(0).value()).hasSize(large.length());
    }
  }

  @Test
  void meetsAKeyAsSoonAsItIsMade() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      String key = new WriteKeys(collector.data()).add("web-shop");
      assertThat(collector.postWithKey(key, Clicks.good(1)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void countsRequestsAndEventsForOperators() throws Exception {
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      collector.post("application/x-ndjson", Clicks.good(1) + "\n" + Clicks.bad(2));
      collector.post("text/plain", "");
      assertThat(collector.meters().prometheus())
          .contains("millrace_collect_events_total{stream=\"clicks\",verdict=\"accepted\"} 1.0")
          .contains("millrace_collect_events_total{stream=\"clicks\",verdict=\"rejected\"} 1.0")
          .contains("millrace_collect_refused_total{cause=\"unknown_format\"} 1.0")
          .contains("millrace_collect_requests_total 2.0")
          .contains("millrace_collect_bytes_in_flight 0.0");
    }
  }

  private static void assertRefused(HttpResponse<String> response, int status, String message)
      throws IOException {
    assertThat(RunningCollector.error(response)).contains(message);
    assertThat(RunningCollector.json(response).fieldNames())
        .toIterable()
        .containsExactly("error", "code");
    assertThat(response.statusCode()).isEqualTo(status);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
