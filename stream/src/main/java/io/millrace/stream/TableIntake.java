package io.millrace.stream;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/** The rows that one table gets between two checkpoints. */
final class TableIntake implements Closeable {

  private final Lake lake;
  private final TableName table;
  private final List<Field> columns;
  private final Fingerprint fingerprintOf;

  /** Opened for the first row, because most tables get none for a long time. */
  private Optional<TableWriter> writer = Optional.empty();

  private long rows;
  private long fingerprint;

  TableIntake(Lake lake, TableName table, List<Field> columns) {
    this.lake = lake;
    this.table = table;
    this.columns = columns;
    this.fingerprintOf = Fingerprint.over(lake.load(table), columns);
  }

  void write(Row row) {
    if (writer.isEmpty()) {
      writer = Optional.of(new TableWriter(lake.load(table), columns));
    }
    writer.get().write(row);
    fingerprint += fingerprintOf.of(row);
    rows++;
  }

  /** What was written since this was last asked, if anything was; its files are complete. */
  Optional<NewRows> take() {
    if (rows == 0) {
      return Optional.empty();
    }
    NewRows taken = new NewRows(table, writer.orElseThrow().complete(), rows, fingerprint);
    rows = 0;
    fingerprint = 0;
    return Optional.of(taken);
  }

  @Override
  public void close() {
    writer.ifPresent(TableWriter::close);
  }
}
