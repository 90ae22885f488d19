package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows written as CSV, small ones: a fixture, or the rows of a unit test. Blanks around a value are
 * not part of it unless it is quoted; nothing is null, and {@code ""} is an empty text.
 */
final class CsvText {

  private final String text;
  private final int firstLine;
  private final Flaws flaws;
  private int at;
  private int line;

  private CsvText(String text, int firstLine, Flaws flaws) {
    this.text = text.stripTrailing();
    this.firstLine = firstLine;
    this.flaws = flaws;
    this.line = firstLine;
  }

  /**
   * The rows below the line of names, by name.
   *
   * @param firstLine of the file, on which the text begins
   */
  static List<Map<String, Optional<String>>> rows(String text, int firstLine, Flaws flaws) {
    return new CsvText(text, firstLine, flaws).rows();
  }

  private List<Map<String, Optional<String>>> rows() {
    List<Map<String, Optional<String>>> rows = new ArrayList<>();
    if (text.isBlank()) {
      flaws.add(firstLine, "there are no rows", "write a line with the names of the columns");
      return rows;
    }
    List<String> names = names();
    if (names.isEmpty()) {
      return rows;
    }
    while (at < text.length()) {
      int begun = line;
      List<Optional<String>> values = record();
      if (values.size() == 1 && values.get(0).isEmpty() && names.size() > 1) {
        continue; // a blank line
      }
      if (values.size() != names.size()) {
        flaws.add(
            begun,
            "the row has %d values for %d columns".formatted(values.size(), names.size()),
            "put values with commas in quotes");
        continue;
      }
      Map<String, Optional<String>> row = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        row.put(names.get(i), values.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** The names of the columns; none if they have flaws. */
  private List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Optional<String> name : record()) {
      if (name.isEmpty() || !names.add(name.get())) {
        flaws.add(
            firstLine,
            name.map(it -> "column '" + it + "' is named twice").orElse("a column has no name"),
            "name each column once");
        return List.of();
      }
    }
    return List.copyOf(names);
  }

  private List<Optional<String>> record() {
    List<Optional<String>> values = new ArrayList<>();
    do {
      values.add(value());
    } while (at < text.length() && text.charAt(at++) == ',');
    return values;
  }

  /** Reads up to the comma or the end of the line, on which it stops. */
  private Optional<String> value() {
    while (at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean quoted = at < text.length() && text.charAt(at) == '"';
    String value = quoted ? quoted() : "";
    int start = at;
    while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      at++;
    }
    String rest = text.substring(start, at).strip();
    if (quoted && !rest.isEmpty()) {
      flaws.add(line, "'" + rest + "' stands behind a quoted value", "write \"\" for a quote");
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      line++;
    }
    return quoted ? Optional.of(value) : Optional.of(rest).filter(it -> !it.isEmpty());
  }

  private String quoted() {
    int begun = line;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character == '"') {
        at++;
        if (at >= text.length() || text.charAt(at) != '"') {
          return value.toString();
        }
      } else if (character == '\n') {
        line++;
      }
      value.append(character);
    }
    flaws.add(begun, "a quoted value does not end", "close it with \"");
    return value.toString();
  }
}
