package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementsTest {

  @Test
  void cutsAnArrayWithoutReadingItsElements() {
    assertThat(array("[]")).isEmpty();
    assertThat(array(" [ {\"a\": [1, 2]} ,\n 3,{\"b\":\"],}\\\"\"}]\r\n"))
        .containsExactly("{\"a\": [1, 2]}", "3", "{\"b\":\"],}\\\"\"}");
    assertThat(array("[{\"a\":1],2},nope]")).containsExactly("{\"a\":1]", "2}", "nope");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``| 0 |an array of events starts with",
        "{}| 0 |an array of events starts with",
        "[1| 2 |the array is not closed",
        "[\"a]| 1 |the string that starts there is not closed",
        "[1,]| 3 |there is no event before ']'",
        "[,1]| 1 |there is no event before ','",
        "[1,| 3 |the array is not closed",
        "[1] x| 4 |something follows the array",
        "[1]]| 3 |something follows the array",
      })
  void refusesAnArrayThatCannotBeCut(String body, int offset, String reason) {
    assertThatThrownBy(() -> array(body))
        .isInstanceOf(Refused.class)
        .hasMessageStartingWith(
            "Cannot read the body as a JSON array at byte %d of %d: %s"
                .formatted(offset, body.length(), reason));
  }

  @Test
  void takesEachLineThatHasSomethingOnIt() {
    assertThat(lines("")).isEmpty();
    assertThat(lines("a\r\n\n  \n b \nc")).containsExactly("a", "b", "c");
  }

  @Test
  void limitsHowManyEventsOneRequestHas() {
    assertThatThrownBy(() -> lines("a\n".repeat(1_001)))
        .hasMessage("Cannot take more than 1000 events in one request: send several");
  }

  private static List<String> array(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return texts(bytes, Elements.ofArray(bytes, bytes.length, 1_000));
  }

  private static List<String> lines(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return texts(bytes, Elements.ofLines(bytes, bytes.length, 1_000));
  }

  private static List<String> texts(byte[] bytes, Elements elements) {
    return IntStream.range(0, elements.count())
        .mapToObj(i -> new String(bytes, elements.offset(i), elements.length(i), UTF_8))
        .toList();
  }
}
