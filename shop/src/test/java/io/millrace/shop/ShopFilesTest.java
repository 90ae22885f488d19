package io.millrace.shop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
    Truth truth = ShopFiles.write(shop(), directory.resolve("new"), 5_000);

    for (ShopStream stream : ShopStream.values()) {
      assertThat(lines(directory.resolve("new").resolve(stream + ".ndjson.gz")))
          .isEqualTo(truth.of(stream).sent());
    }
    assertThat(Truth.read(directory.resolve("new/truth.json"))).isEqualTo(truth);
  }

  @Test
  void finishesTheLastOrder() {
    for (int count = 900; count < 920; count++) {
      Truth truth = ShopFiles.write(shop(), directory, count);

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
