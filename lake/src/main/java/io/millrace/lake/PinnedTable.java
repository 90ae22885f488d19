package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;

/** One snapshot of one table, which stays what it is while others write. */
public interface PinnedTable {

  TableName name();

  /** Empty when the table has no rows yet. */
  Optional<Long> snapshotId();

  Optional<Instant> committedAt();

  /** The columns as they are now. */
  Schema schema();

  /** The rows of the snapshot, from its summary, without reading data. */
  long rows();

  /** The data files of the snapshot, as local paths or URIs. */
  List<String> files();
}
