package io.millrace.shop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopFilesTest {

  @TempDir private Path directory;

  private static Shop shop() {
    return new Shop(
        12,
        ShopProfile.HISTORY.dirty(0.02, 0.02, 0.02),
        ShopTime.steady(Instant.parse("2026-03-01T22:30:00Z"), 50));
  }

  @Test
  void writesALineForEachEventAndTheTruthBesideThem() throws IOException {
    Truth truth = ShopFiles.write(shop(), directory.resolve("new"), 5_000, event -> {});

    for (ShopStream stream : ShopStream.values()) {
      assertThat(lines(directory.resolve("new").resolve(stream + ".ndjson.gz")))
          .isEqualTo(truth.of(stream).sent());
    }
    assertThat(Truth.read(directory.resolve("new/truth.json"))).isEqualTo(truth);
  }

  @Test
  void finishesTheLastOrder() {
    for (int count = 900; count < 920; count++) {
      Truth truth = ShopFiles.write(shop(), directory, count, event -> {});

      assertThat(truth.fresh().itemPence()).isEqualTo(truth.fresh().orderPence());
    }
  }

  @Test
  void keepsWhatMustBecomeOfEachEvent() throws IOException {
    Path file = directory.resolve("truth.jsonl");
    Shop shop = shop();
    ShopEvent first = shop.next();
    try (TruthFile truth = new TruthFile(file)) {
      truth.add(first);
      truth.add(new ShopEvent(ShopStream.ORDERS, new byte[0], Fate.MALFORMED, Flaw.BAD_JSON, 1, 2));
      truth.end(shop.truth());
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1))
        .isEqualTo(
            "{\"event_id\":\"00000000-0000-0001-0000-000000000002\",\"stream\":\"orders\","
                + "\"fate\":\"malformed\",\"flaw\":\"bad_json\"}");
    assertThat(Truth.read(file)).isEqualTo(shop.truth());
  }

  @Test
  void writesWhatHappenedForTheInbox() throws IOException {
    Path file = directory.resolve("inbox.sql");
    try (InboxFile inbox = new InboxFile(file)) {
      inbox.add(event(Fate.FRESH, "{\"query\":\"\\\"tea\\\" é\"}"));
      inbox.add(event(Fate.MALFORMED, "{\"query\":"));
      inbox.add(event(Fate.LATE, "{}"));
    }

    assertThat(file)
        .hasContent(
            """
            -- What the simulated shop did, for the inbox of its operational database. To be run by psql.
            \\set ON_ERROR_STOP on
            CREATE TEMPORARY TABLE sent (stream text, body jsonb);
            COPY sent (stream, body) FROM STDIN;
            clicks\t{"query":"\\\\"tea\\\\" é"}
            clicks\t{}
            \\.
            INSERT INTO inbox.events (stream, body) SELECT stream, body FROM sent ON CONFLICT DO NOTHING;
            DROP TABLE sent;
            ANALYZE inbox.events;
            """);
    assertThatThrownBy(() -> new InboxFile(directory))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot write inbox file '%s': ", directory);
  }

  private static ShopEvent event(Fate fate, String json) {
    return new ShopEvent(ShopStream.CLICKS, json.getBytes(UTF_8), fate, Flaw.NONE, 1, 2);
  }

  @Test
  void saysThatATruthIsNotFinished() throws IOException {
    Path file = Files.writeString(directory.resolve("half.jsonl"), "{\"event_id\":\"1\"");

    assertThatThrownBy(() -> Truth.read(file))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot read truth file '%s': its last line is not a truth; was the shop stopped?",
            file);
  }

  private static long lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), ISO_8859_1))) {
      return reader.lines().count();
    }
  }
}
