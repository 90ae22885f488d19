package io.millrace.engine;

import java.io.IOException;
import java.io.Writer;

/** How a result is written for people and programs. */
public enum ResultFormat {
  /** Aligned columns; wide values are cut with {@code …}. */
  TABLE {
    @Override
    public long write(Rows rows, Writer out) throws IOException {
      return new TableFormat(rows, out).write();
    }
  },
  /** RFC 4180 with a header line; null is an empty field, an empty string is {@code ""}. */
  CSV {
    @Override
    public long write(Rows rows, Writer out) throws IOException {
      return CsvFormat.write(rows, out);
    }
  },
  /** An array of objects, one on each line. */
  JSON {
    @Override
    public long write(Rows rows, Writer out) throws IOException {
      return JsonFormat.write(rows, out);
    }
  };

  /**
   * Writes all rows that are left, holding few of them, and flushes; neither side is closed.
   *
   * @return how many rows there were
   */
  public abstract long write(Rows rows, Writer out) throws IOException;
}
