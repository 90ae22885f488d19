package io.millrace.boot.commands;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns as wide as what is in them; numbers stand to the right. */
final class TextTable {

  private final List<String> header;
  private final List<Boolean> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  private TextTable(List<String> header, List<Boolean> numbers) {
    this.header = header;
    this.numbers = numbers;
  }

  /** A column whose name starts with {@code #} holds numbers; the sign is not shown. */
  static TextTable of(String... columns) {
    return new TextTable(
        Arrays.stream(columns).map(it -> it.startsWith("#") ? it.substring(1) : it).toList(),
        Arrays.stream(columns).map(it -> it.startsWith("#")).toList());
  }

  TextTable row(Object... values) {
    rows.add(Arrays.stream(values).map(TextTable::text).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  private static String text(Object value) {
    return value instanceof Long || value instanceof Integer
        ? "%,d".formatted(((Number) value).longValue())
        : value.toString();
  }

  /** The lines, without trailing blanks. */
  List<String> lines() {
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                column ->
                    Math.max(
                        length(header.get(column)),
                        rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0)))
            .toArray();
    List<String> lines = new ArrayList<>();
    lines.add(line(header, widths));
    lines.add(Arrays.stream(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ")));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String value = row.get(column);
      String blanks = " ".repeat(widths[column] - length(value));
      line.append(column == 0 ? "" : "  ")
          .append(numbers.get(column) ? blanks + value : value + blanks);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
