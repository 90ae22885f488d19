package io.millrace.engine;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A result in aligned columns. The first rows decide how wide a column is, up to a limit; what is
 * wider is cut. Control characters are shown, not sent to the terminal.
 */
final class TableFormat {

  private static final int ROWS_LOOKED_AT = 1000;
  private static final int MAX_WIDTH = 48;
  private static final Pattern NUMBER =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)");

  private final Rows rows;
  private final Writer out;
  private final int[] widths;

  TableFormat(Rows rows, Writer out) {
    this.rows = rows;
    this.out = out;
    this.widths = new int[rows.columns().size()];
  }

  long write() throws IOException {
    List<String> header = rows.columns().stream().map(column -> cell(column.name())).toList();
    widen(header);
    List<List<String>> first = new ArrayList<>();
    while (first.size() < ROWS_LOOKED_AT && rows.next()) {
      first.add(row());
      widen(first.get(first.size() - 1));
    }
    line(header);
    rule();
    for (List<String> row : first) {
      line(row);
    }
    long count = first.size();
    while (count >= ROWS_LOOKED_AT && rows.next()) {
      line(row());
      count++;
    }
    out.write("(" + count + (count == 1 ? " row)\n" : " rows)\n"));
    out.flush();
    return count;
  }

  private List<String> row() {
    return rows.values().stream()
        .map(value -> value == null ? "" : cell(JsonFormat.text(value)))
        .toList();
  }

  private void widen(List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], Math.min(MAX_WIDTH, length(cells.get(i))));
    }
  }

  private void line(List<String> cells) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cut(cells.get(i), widths[i]);
      String space = " ".repeat(widths[i] - length(cell));
      boolean right = NUMBER.matcher(rows.columns().get(i).type()).matches();
      line.append(i == 0 ? "" : " | ").append(right ? space + cell : cell + space);
    }
    out.write(line.toString().stripTrailing() + "\n");
  }

  private void rule() throws IOException {
    List<String> dashes = new ArrayList<>();
    for (int width : widths) {
      dashes.add("-".repeat(width));
    }
    out.write(String.join("-+-", dashes) + "\n");
  }

  private static String cut(String cell, int width) {
    return length(cell) <= width
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String cell(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (Character.isISOControl(c)) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
