package io.millrace.collect.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTest {

  private static final int ROOM = 16 << 20;

  @TempDir Path folder;

  private final StreamContract sales =
      new StreamContract(
          "sales",
          "",
          "",
          1,
          "item",
          new StreamContract.EventId.Derived(List.of("item", "time")),
          "time",
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          2,
          new StreamContract.Layout.Bucket("item", 2),
          StreamContract.Evolution.BACKWARD,
          20,
          List.of(
              Field.required("item", Type.Scalar.STRING),
              Field.required("time", Type.Scalar.TIMESTAMP),
              Field.optional("count", Type.Scalar.LONG),
              Field.optional("gift", Type.Scalar.BOOLEAN)),
          Optional.of(
              new StreamContract.Csv(
                  ';',
                  Map.of("Item", "item", "Time", "time", "Count", "count", "Gift", "gift"),
                  Optional.of("dd/MM/yyyy HH:mm"),
                  ZoneId.of("Europe/London"))),
          Optional.empty(),
          Optional.empty());

  @ParameterizedTest
  @CsvSource({
    "31/01/2026 10:00, 2026-01-31T10:00:00Z",
    "31/07/2026 10:00, 2026-07-31T09:00:00Z",
    // Left out when clocks go forward, and there twice when they go back.
    "29/03/2026 01:30, 2026-03-29T01:30:00Z",
    "25/10/2026 01:30, 2026-10-25T00:30:00Z",
    "30/02/2026 10:00, 30/02/2026 10:00",
    "yesterday, yesterday",
  })
  void readsTimesByThePatternAndZoneOfTheContract(String cell, String json) {
    assertThat(events("sales.csv", "Item;Time;Count;Gift\na;" + cell + ";;\n"))
        .isEqualTo("{\"item\":\"a\",\"time\":\"" + json + "\"}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "7, 7",
        "-0.5e3, -0.5e3",
        "17850.0, 17850.0",
        "+7, \"+7\"",
        "07, \"07\"",
        ".5, \".5\"",
        "1 000, \"1 000\"",
        "NaN, \"NaN\"",
        "0, 0",
        "-, \"-\"",
        "1., \"1.\"",
        "1e, \"1e\"",
        "1E+5, 1E+5",
        "1e5x, \"1e5x\"",
      })
  void passesNumbersAsTheyAreAndTheRestAsText(String cell, String json) {
    assertThat(events("sales.csv", "Item;Time;Count;Gift\na;;" + cell + ";true\n"))
        .isEqualTo("{\"item\":\"a\",\"count\":" + json + ",\"gift\":true}");
  }

  @Test
  void passesBytesThatAreNotUtf8ToTheDecoder() {
    String rows = "Item;Time;Count;Gift\ncaf\u00e9 \"\"\\\t;;;\n";
    assertThat(events("sales.csv", rows, ISO_8859_1))
        .isEqualTo("{\"item\":\"caf\ufffd \\\"\\\"\\\\\\u0009\"}");
  }

  @Test
  void findsColumnsInAnyOrderBehindAByteOrderMark() {
    assertThat(events("sales.csv", "\ufeffMore;Count;Gift;Time;Item\nx;1;;;a\n"))
        .isEqualTo("{\"count\":1,\"item\":\"a\"}");
  }

  @Test
  void namesTheColumnsThatAreMissing() {
    assertThatThrownBy(() -> events("sales.csv", "item;Time;Time;Gift\n"))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot read %s:1 with delimiter ';': column 'Count' is missing, column 'Item' is missing (there is 'item'), column 'Time' is there 2 times",
            folder.resolve("sales.csv"));
  }

  @Test
  void countsLinesAcrossQuotedNewlinesAndKeepsRaggedRows() {
    try (EventFile file =
        open("sales.csv", "Item;Time;Count;Gift\n\"a\n\nb\";;;\nc;d\n1;2;3;4;5\n", UTF_8)) {
      Batch batch = file.newBatch(1_000, ROOM);
      file.next(batch);
      assertThat(text(batch))
          .isEqualTo(
              "{\"item\":\"a\\u000a\\u000ab\"}\n[\"c\",\"d\"]\n[\"1\",\"2\",\"3\",\"4\",\"5\"]");
      assertThat(List.of(batch.line(0), batch.line(1), batch.line(2))).containsExactly(2L, 5L, 6L);
      assertThat(batch.remark(0)).isEmpty();
      assertThat(batch.remark(1)).hasValue("the row has 2 cells and the header has 4");
    }
  }

  @Test
  void leavesOutAnEventThatNoRequestCanCarry() {
    try (EventFile file = open("sales.ndjson", "{1}\n{" + "x".repeat(5_000) + "}\n{2}\n", UTF_8)) {
      Batch batch = file.newBatch(1_000, ROOM);
      file.next(batch);
      assertThat(text(batch)).isEqualTo("{1}\n{2}");
      assertThat(batch.tooLarge()).containsExactly(new Batch.TooLarge(2));
      assertThat(batch.line(1)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sales.ndjson | {1}#{22222}#{3}#                | {1} {22222} {3}",
        "sales.json   | [1,22222222,3]                  | [1] [22222222] [3]",
        "sales.csv    | Item;Time;Count;Gift#a;;;#c;d#  | {\"item\":\"a\"} [\"c\",\"d\"]:2"
      })
  void leavesAnEventForWhichThereIsNoRoomToTheNextBatch(String name, String text, String bodies) {
    List<String> found = new ArrayList<>();
    try (EventFile file = open(name, text.replace('#', '\n'), UTF_8)) {
      Batch batch = file.newBatch(1_000, name.endsWith("csv") ? 20 : 10);
      for (file.next(batch); !batch.isEmpty(); file.next(batch)) {
        found.add(text(batch) + batch.remark(0).map(it -> ":" + it.charAt(12)).orElse(""));
      }
    }
    assertThat(String.join(" ", found)).isEqualTo(bodies);
  }

  @Test
  void cutsAnArrayAsTheCollectorDoes() {
    assertThat(events("sales.json", "[ {\"a\":\"]\"} , [1,[2]]\n,3 ]\n"))
        .isEqualTo("[{\"a\":\"]\"} ,[1,[2]]\n,3 ]");
    assertThat(events("none.json", " [ ] ")).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1", "[1,", "[\"a", "[,", "[1,]", "[1] 2", "["})
  void saysWhereAnArrayBreaks(String body) {
    assertThatThrownBy(() -> events("sales.json", body))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith(
            "Cannot read " + folder.resolve("sales.json") + ":1 as a JSON array: ");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    assertThatThrownBy(() -> EventFile.open(folder, sales))
        .hasMessage("Cannot load %s: it is a directory; name the files in it", folder);
    assertThatThrownBy(() -> EventFile.open(folder.resolve("none"), sales))
        .hasMessage("Cannot load %s: there is no such file", folder.resolve("none"));
    assertThatThrownBy(() -> events("empty.json", ""))
        .hasMessage("Cannot load %s: it is empty", folder.resolve("empty.json"));
    assertThatThrownBy(() -> events("empty.csv", ""))
        .hasMessageEndingWith("it is empty, and a CSV file starts with its column names");
    assertThatThrownBy(() -> events("wide.json", "\u00ff\u00fe{", ISO_8859_1))
        .hasMessageEndingWith("it is UTF-16; save it as UTF-8");
    assertThatThrownBy(() -> events("bad.gz", "\u001f\u008bnothing", ISO_8859_1))
        .hasMessageMatching("Cannot read .*/bad.gz: its gzip is damaged \\(.*\\)");
  }

  private String events(String name, String text) {
    return events(name, text, UTF_8);
  }

  private String events(String name, String text, Charset charset) {
    try (EventFile file = open(name, text, charset)) {
      Batch batch = file.newBatch(1 << 20, ROOM);
      file.next(batch);
      return text(batch);
    }
  }

  private EventFile open(String name, String text, Charset charset) {
    try {
      return EventFile.open(Files.writeString(folder.resolve(name), text, charset), sales);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Batch batch) {
    return new String(batch.bytes(), 0, batch.length(), UTF_8);
  }
}
