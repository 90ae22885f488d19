package io.millrace.project;

import java.nio.file.Path;
import java.util.List;

/**
 * What a part of the warehouse conserves: one file under {@code balances/}. What goes in is what
 * comes out, to the last unit, in every release.
 *
 * @param unit {@code GBP}, {@code rows}
 * @param in what goes in
 * @param out what became of it; its parts add up to {@code in}
 */
public record Balance(
    String name, Path file, String description, String unit, Part in, List<Part> out) {

  public Balance {
    out = List.copyOf(out);
  }

  /**
   * A SELECT of one number, or of a text and a number in each row: the reason and the amount.
   *
   * @param line of the SQL in the file
   */
  public record Part(String name, String sql, int line) {}
}
