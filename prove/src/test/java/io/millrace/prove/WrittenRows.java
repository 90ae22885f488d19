package io.millrace.prove;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.util.List;

/** What one commit writes to a table. */
final class WrittenRows {

  private final TableName table;
  private final TableWriter writer;
  private final Fingerprint fingerprintOf;
  private long rows;
  private long fingerprint;

  WrittenRows(Lake lake, StreamContract contract, TableName table) {
    List<Field> columns = Schemas.tables(contract).get(table);
    this.table = table;
    this.writer = new TableWriter(lake.load(table), columns);
    this.fingerprintOf = Fingerprint.over(columns);
  }

  void write(Row row) {
    writer.write(row);
    rows++;
    fingerprint += fingerprintOf.of(row);
  }

  NewRows rows() {
    return new NewRows(table, writer.complete(), rows, fingerprint);
  }
}
