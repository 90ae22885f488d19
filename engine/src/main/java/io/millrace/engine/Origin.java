package io.millrace.engine;

import io.millrace.project.Model;
import io.millrace.project.SelectText;
import java.util.Collection;

/**
 * Where a text of SQL is written, for errors to say.
 *
 * @param name {@code the query}, {@code models/gold/daily.sql}
 * @param linesBefore lines of the text before the first one that is written there
 */
record Origin(String name, int linesBefore) {

  static final Origin QUERY = new Origin("the query", 0);

  /** The file of the model whose text this holds. */
  static Origin of(String sql, Collection<Model> models) {
    Origin found = new Origin("its SQL", 0);
    int longest = 0;
    for (Model model : models) {
      String text = SelectText.of(model.sql());
      int start = text.length() > longest ? sql.indexOf(text) : -1;
      if (start >= 0) {
        longest = text.length();
        found = new Origin(model.file().toString(), lines(sql.substring(0, start)));
      }
    }
    return found;
  }

  static Origin of(Model model) {
    return new Origin(model.file().toString(), 0);
  }

  /** The same when the text stands behind another. */
  Origin behind(String head) {
    return new Origin(name, linesBefore + lines(head));
  }

  /** A line of the text as one of the file; just the file if it is not in there. */
  String line(int line) {
    return line > linesBefore ? "line %d of %s".formatted(line - linesBefore, name) : name;
  }

  private static int lines(String text) {
    return (int) text.chars().filter(it -> it == '\n').count();
  }
}
