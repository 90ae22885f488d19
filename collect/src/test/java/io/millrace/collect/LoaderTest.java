package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.MillraceException;
import io.millrace.testkit.Broker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {

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
  void loadsLinesAndNamesTheLinesOfRejects() throws Exception {
    Path file = write("clicks.ndjson", Clicks.good(1) + "\n\n{oops\n" + Clicks.bad(2) + "\n");
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      LoadReport report = load(collector, file);
      assertThat(report.events()).isEqualTo(3);
      assertThat(report.accepted()).isEqualTo(1);
      assertThat(report.rejectedByReason())
          .containsExactly(entry("bad_json", 1L), entry("wrong_type", 1L));
      assertThat(report.firstRejects())
          .extracting(Reject::line, Reject::reason, Reject::field)
          .containsExactly(tuple(3L, "bad_json", ""), tuple(4L, "wrong_type", "price"));
      assertThat(collector.records("clicks")).hasSize(1);
      assertThat(collector.records("clicks.rejected")).hasSize(2);
    }
  }

  @Test
  void loadsAnArrayWhoseEventsSpanLines() throws Exception {
    String body = "[\n " + Clicks.good(1) + ",\n{\n \"price\": \"a,]\\\"\"\n}\n]\n";
    Path file = write("clicks.json", body);
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      LoadReport report = load(collector, file);
      assertThat(report.accepted()).isEqualTo(1);
      assertThat(report.firstRejects()).extracting(Reject::line).containsExactly(3L);
      assertThat(new String(collector.records("clicks.rejected").get(0).value(), UTF_8))
          .isEqualTo("{\n \"price\": \"a,]\\\"\"\n}");
    }
  }

  @Test
  void loadsGzippedCsv() throws Exception {
    String rows =
        """
        Id,When,Note,User,Price
        %s,2026-01-31T10:00:00Z,"two
        lines",u1,12.50
        %s,2026-01-31T10:00:00Z,,u2,cheap
        %s,2026-01-31T10:00:00Z
        """
            .formatted(Clicks.id(1), Clicks.id(2), Clicks.id(3));
    Path file = Files.write(folder.resolve("clicks.csv.gz"), gzip(rows));
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      LoadReport report = load(collector, file);
      assertThat(report.accepted()).isEqualTo(1);
      assertThat(report.firstRejects())
          .extracting(Reject::toString)
          .containsExactly(
              file + ":4: wrong_type at price: \"cheap\" is not of type decimal(12,2)",
              file + ":5: not_an_object: the row has 2 cells and the header has 5");
      assertThat(new String(collector.records("clicks").get(0).value(), UTF_8))
          .isEqualTo(
              "{\"event_id\":\"%s\",\"event_time\":\"2026-01-31T10:00:00Z\",\"user_id\":\"u1\",\"price\":12.50}"
                  .formatted(Clicks.id(1)));
    }
  }

  @Test
  void goesOnWhereItWasWhenTheBrokerAndTheServerComeBack() throws Exception {
    Path file = write("clicks.ndjson", lines(30_000));
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      List<Loader.Progress> steps = new ArrayList<>();
      LoadReport report =
          collector
              .loader()
              .load(
                  Clicks.CONTRACT,
                  file,
                  step -> {
                    steps.add(step);
                    if (steps.size() == 1) {
                      broker.kill();
                      broker.start();
                    }
                  });
      assertThat(report.accepted()).isEqualTo(30_000);
      assertThat(steps).hasSizeGreaterThan(2);
      assertThat(steps.get(steps.size() - 1).bytesRead()).isEqualTo(Files.size(file));
      long different =
          collector.records("clicks").stream()
              .map(record -> new String(record.value(), UTF_8))
              .distinct()
              .count();
      assertThat(different).isEqualTo(30_000);
    }
  }

  @Test
  void saysHowFarItCameWhenTheFileIsCutOff() throws Exception {
    byte[] whole = gzip(lines(30_000));
    Path file = folder.resolve("clicks.ndjson.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - whole.length / 4));
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      assertThatThrownBy(() -> load(collector, file))
          .isInstanceOf(MillraceException.class)
          .hasMessage(
              "Cannot read %s to its end: its gzip is cut off; write the file again; the 20000 events before were loaded; if they are loaded again within 10 min, repeats are dropped",
              file);
    }
  }

  @Test
  void givesUpOnAServerThatIsNotThere() throws Exception {
    Path file = write("clicks.ndjson", Clicks.good(1));
    Loader loader =
        Loader.to(URI.create("http://127.0.0.1:1"), "key", RunningCollector.settings(1, 0))
            .patient(Duration.ofMillis(300));
    assertThatThrownBy(() -> loader.load(Clicks.CONTRACT, file, step -> {}))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot load " + file + ": no answer from http://127.0.0.1:1 for");
  }

  @Test
  void saysWhyTheServerRefusesTheFile() throws Exception {
    Path file = write("clicks.ndjson", Clicks.good(1));
    try (RunningCollector collector = RunningCollector.start(folder, broker)) {
      Loader loader = Loader.to(collector.url(), "wrong", RunningCollector.settings(1, 0));
      assertThatThrownBy(() -> loader.load(Clicks.CONTRACT, file, step -> {}))
          .hasMessage(
              "Cannot load %s: the server refused it: Cannot take events with this write key: it is not known",
              file);
    }
  }

  private static LoadReport load(RunningCollector collector, Path file) {
    return collector.loader().load(Clicks.CONTRACT, file, step -> {});
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(Clicks::good).collect(Collectors.joining("\n"));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
