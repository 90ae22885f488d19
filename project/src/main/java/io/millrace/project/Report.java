package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What people look at regularly: one file under {@code reports/}. */
public record Report(String name, Path file, String title, String description, List<Tile> tiles) {

  public Report {
    tiles = List.copyOf(tiles);
  }

  /** How the rows of a tile are shown. */
  public enum Chart {
    /** Each value of one row, large, with the column's name. */
    NUMBER,
    /** A line for each column but the first, over the values of the first. */
    LINE,
    /** Bars for each column but the first, beside the values of the first. */
    BAR,
    /** The rows as they are. */
    TABLE
  }

  /**
   * One SELECT and how its rows are shown.
   *
   * @param note what has to be known to read it; may be empty
   * @param reads the tables it reads; empty if the project was read without a {@link SqlReader}
   */
  public record Tile(String title, String note, Chart chart, String sql, Set<TableName> reads) {
    public Tile {
      reads = Set.copyOf(reads);
    }
  }
}
