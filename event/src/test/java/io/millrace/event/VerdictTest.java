package io.millrace.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of verdicts, line by line; one decoder serves it all, so each failure is left clean.
 */
class VerdictTest {

  private static final Pattern BYTE = Pattern.compile("<([0-9A-F]{2})>");
  private static final EventDecoder DECODER = new EventDecoder(Clicks.contract(), 1 << 20);

  record Line(Reason reason, String field, String event, String detail) {

    static Line of(String text) {
      List<String> columns = Stream.of(text.split("\\|", -1)).map(String::strip).toList();
      return new Line(
          Reason.valueOf(columns.get(0).toUpperCase(Locale.ROOT)),
          columns.get(1),
          columns.get(2),
          columns.size() > 3 ? columns.get(3) : "");
    }

    /** One character for each byte. */
    private String marked() {
      String bytes = new String(event.getBytes(UTF_8), ISO_8859_1);
      String whole = bytes.startsWith("+ ") ? Clicks.event(bytes.substring(2)) : bytes;
      return BYTE.matcher(whole)
          .replaceAll(found -> "" + (char) Integer.parseInt(found.group(1), 16));
    }

    int offset() {
      return marked().indexOf('^');
    }

    byte[] bytes() {
      return marked().replace("^", "").getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
      return event;
    }
  }

  static Stream<Line> lines() throws IOException {
    try (InputStream table = VerdictTest.class.getResourceAsStream("verdicts.txt")) {
      return new String(table.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(Line::of)
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void saysWhatIsWrongAndWhere(Line line) {
    byte[] bytes = line.bytes();
    Verdict.Rejected expected =
        new Verdict.Rejected(line.reason(), line.field(), line.detail(), line.offset());
    assertThat(DECODER.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void saysTheSameOfAnEventThatStandsAmongOthers(Line line) {
    byte[] bytes = line.bytes();
    byte[] among = new byte[bytes.length + 20];
    Arrays.fill(among, (byte) '"');
    System.arraycopy(bytes, 0, among, 10, bytes.length);
    assertThat(DECODER.decode(among, 10, bytes.length, Clicks.TIME_MICROS))
        .isEqualTo(DECODER.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS));
  }
}
