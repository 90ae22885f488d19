package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT * FROM t WHERE a = 'it''s -- me' AND b > 1.5e3|SELECT * FROM t WHERE a = ? AND b > ?",
        "SELECT 'ann@example.com'|SELECT ?",
        "SELECT $$ann's$$, $x$a$$b$x$|SELECT ?, ?",
        "SELECT 1 -- of ann's|SELECT ?",
        "SELECT 'ann@example.com FROM t|SELECT ?",
        "SELECT E'it\\'s ann', a->'$.b'|SELECT ?, a->?",
        "SELECT -1, 2e-3, .5, t1.c[2], $1|SELECT -?, ?, .?, t1.c[?], $?",
        "SELECT \"it's\" FROM t /* ann|SELECT \"it's\" FROM t",
        "SELECT /* ann's */ t1.c2 FROM t1|SELECT t1.c2 FROM t1",
      })
  void valuesAndCommentsAreLeftOut(String sql, String text) {
    assertThat(QueryText.of(sql)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "'''", "/*", "--", "$a$", "\"", "1", "$", "\\"})
  void textsOfAnyLengthAreRead(String sign) {
    assertThat(QueryText.of("SELECT '" + sign.repeat(200_000))).hasSizeLessThan(310);
    assertThat(QueryText.of("SELECT " + sign.repeat(200_000))).hasSizeLessThan(310);
  }

  @Test
  void isOneLineOfLimitedLength() {
    assertThat(QueryText.of("SELECT\n\t a\n")).isEqualTo("SELECT a");
    assertThat(QueryText.of("SELECT " + "a, ".repeat(1_000))).hasSize(303).endsWith("...");
  }
}
