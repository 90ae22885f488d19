package io.millrace.engine;

import java.io.IOException;
import java.io.Writer;
import java.util.stream.Collectors;

/** Comma-separated values as RFC 4180 has them. */
final class CsvFormat {

  private CsvFormat() {}

  static long write(Rows rows, Writer out) throws IOException {
    String header =
        rows.columns().stream()
            .map(column -> field(column.name()))
            .collect(Collectors.joining(",", "", "\r\n"));
    out.write(header);
    long count = 0;
    while (rows.next()) {
      for (int i = 0; i < rows.columns().size(); i++) {
        Object value = rows.value(i);
        out.write(i == 0 ? "" : ",");
        out.write(value == null ? "" : field(JsonFormat.text(value)));
      }
      out.write("\r\n");
      count++;
    }
    out.flush();
    return count;
  }

  private static String field(String text) {
    boolean quoted =
        text.isEmpty()
            || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
