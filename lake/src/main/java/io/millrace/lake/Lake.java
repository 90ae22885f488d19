package io.millrace.lake;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.project.StreamContract;
import java.time.Instant;
import java.util.SortedMap;
import org.apache.iceberg.Table;

/** The Iceberg tables of a project and the catalog that names them. Safe for several threads. */
public final class Lake implements AutoCloseable {

  private Lake() {}

  /** Opens the lake of a data directory, making its catalog if it has none. */
  public static Lake open(DataDirectory data) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes the bronze and quarantine tables of a stream, or evolves those that exist: adds columns
   * and widens types.
   *
   * @throws io.millrace.core.MillraceException if the contract asks for a change Iceberg refuses
   */
  public void prepare(StreamContract contract) {
    throw new UnsupportedOperationException();
  }

  /** Loads a table as it is now. */
  public Table load(TableName name) {
    throw new UnsupportedOperationException();
  }

  /** All tables at one instant: the catalog is read once, so the snapshots belong together. */
  public SortedMap<TableName, PinnedTable> pin() {
    throw new UnsupportedOperationException();
  }

  /** All tables as they were at an instant; tables without a snapshot by then are empty. */
  public SortedMap<TableName, PinnedTable> pin(Instant asOf) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
