package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Rows.Column;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultFormatTest {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("name", "VARCHAR"),
          new Column("amount", "DECIMAL(12,2)"),
          new Column("item", "STRUCT(a INTEGER, at TIMESTAMP WITH TIME ZONE)"));

  @Test
  void writesCsvThatEveryReaderUnderstands() throws IOException {
    String csv =
        text(
            ResultFormat.CSV,
            row("plain", new BigDecimal("1E+3"), null),
            row("a,\"b\"\nc", null, struct(1, Instant.EPOCH)),
            row("", new BigDecimal("0.10"), List.of(1, 2)));

    assertThat(csv.split("\r\n"))
        .containsExactly(
            "name,amount,item",
            "plain,1000,",
            "\"a,\"\"b\"\"\nc\",,\"{\"\"a\"\":1,\"\"at\"\":\"\"1970-01-01T00:00:00Z\"\"}\"",
            "\"\",0.10,\"[1,2]\"");
    assertThat(csv).endsWith("\"[1,2]\"\r\n");
  }

  @Test
  void writesJsonOneObjectALine() throws IOException {
    assertThat(
            text(
                ResultFormat.JSON,
                row("a\"b", new BigDecimal("1234567890123456789.10"), null),
                row(new byte[] {1, 2}, Double.NaN, struct(1, new UUID(0, 1)))))
        .isEqualTo(
            """
            [
            {"name":"a\\"b","amount":1234567890123456789.10,"item":null},
            {"name":"AQI=","amount":"NaN","item":{"a":1,"at":"00000000-0000-0000-0000-000000000001"}}
            ]
            """);
    assertThat(text(ResultFormat.JSON)).isEqualTo("[]\n");
  }

  @Test
  void alignsATable() throws IOException {
    assertThat(
            text(
                ResultFormat.TABLE,
                row("ünal", new BigDecimal("5.00"), null),
                row("two\nlines\u001b[31m", new BigDecimal("-12345.00"), List.of("x"))))
        .isEqualTo(
            """
            name                 |    amount | item
            ---------------------+-----------+------
            ünal                 |      5.00 |
            two\\nlines\\u001b[31m | -12345.00 | ["x"]
            (2 rows)
            """);
  }

  @Test
  void cutsWideValues() throws IOException {
    assertThat(text(ResultFormat.TABLE, row("x".repeat(60), null, null)))
        .contains("\n" + "x".repeat(47) + "… |")
        .endsWith("(1 row)\n");
  }

  @Test
  void writesMoreRowsThanItLooksAt() throws IOException {
    Object[][] rows =
        IntStream.range(0, 1500).mapToObj(i -> row("n" + i, null, null)).toArray(Object[][]::new);
    assertThat(text(ResultFormat.TABLE, rows)).contains("\nn14… |").endsWith("(1500 rows)\n");
  }

  private static Object[] row(Object... values) {
    return values;
  }

  private static Map<String, Object> struct(Object a, Object at) {
    Map<String, Object> struct = new LinkedHashMap<>();
    struct.put("a", a);
    struct.put("at", at);
    return struct;
  }

  private static String text(ResultFormat format, Object[]... rows) throws IOException {
    StringWriter out = new StringWriter();
    assertThat(format.write(new FixedRows(Arrays.asList(rows).iterator()), out))
        .isEqualTo(rows.length);
    return out.toString();
  }

  private static final class FixedRows implements Rows {
    private final Iterator<Object[]> rows;
    private Object[] current;

    FixedRows(Iterator<Object[]> rows) {
      this.rows = rows;
    }

    @Override
    public List<Column> columns() {
      return COLUMNS;
    }

    @Override
    public boolean next() {
      boolean found = rows.hasNext();
      current = found ? rows.next() : null;
      return found;
    }

    @Override
    public Object value(int column) {
      return current[column];
    }

    @Override
    public void close() {}
  }
}
