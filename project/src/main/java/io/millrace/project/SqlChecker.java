package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import io.millrace.project.yaml.Flaws;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the tables that SQL in the project's files reads, and says what is wrong with it.
 *
 * @param reader without one, nothing is looked at
 */
record SqlChecker(Optional<SqlReader> reader, Tables tables) {

  /**
   * The tables that a SELECT reads.
   *
   * @param firstLine of the file, on which the text begins
   */
  Set<TableName> reads(String text, int firstLine, Flaws flaws) {
    Set<TableName> reads = new TreeSet<>();
    reader
        .map(sql -> sql.read(text))
        .ifPresent(
            sql -> {
              if (sql instanceof Sql.Refused refused) {
                boolean jinja = text.contains("{{") || text.contains("{%");
                flaws.add(
                    line(refused.line(), firstLine),
                    jinja ? "the SQL has Jinja, which is not read" : refused.what(),
                    jinja ? "name tables as layer.name, such as silver.orders" : refused.remedy());
              } else if (sql instanceof Sql.Select select) {
                for (Reference reference : select.references()) {
                  tables
                      .read(reference, line(reference.line(), firstLine), flaws)
                      .ifPresent(reads::add);
                }
              }
            });
    return reads;
  }

  private static int line(int inText, int firstLine) {
    return inText == 0 && firstLine == 1 ? 0 : Math.max(1, inText) + firstLine - 1;
  }
}
