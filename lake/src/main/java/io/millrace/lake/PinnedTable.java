package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;

/** One snapshot of one table, which stays what it is while others write. */
public interface PinnedTable {

  /** Stands for the snapshot of a table that has none yet, as it does in Iceberg's metadata. */
  long EMPTY = -1;

  TableName name();

  /** Empty when the table has no rows yet. */
  Optional<Long> snapshotId();

  Optional<Instant> committedAt();

  /** Grows with each snapshot of the table; 0 when it has no rows yet. */
  long sequence();

  /** A stream's columns as they are now; a model's as they were built. */
  Schema schema();

  /** What files of other days call the fields. */
  FieldNames fieldNames();

  /** The rows of the snapshot, from its summary, without reading data. */
  long rows();

  /** What whoever made the snapshot wrote into its summary. */
  Map<String, String> summary();

  /**
   * The data files of the snapshot, by the paths at which they are once {@link Lake#fetch fetched}.
   */
  List<String> files();

  /**
   * The data files that may hold rows of a span, by what the table's metadata says of each file.
   */
  List<String> files(Span span);

  /**
   * What became of the rows since an earlier snapshot of the table; since the beginning if there is
   * none, or it is {@link #EMPTY}. Costs nothing when nothing was written.
   */
  Changes since(OptionalLong snapshot);

  /** The table as it was at an earlier snapshot; empty if that has expired. */
  Optional<PinnedTable> at(long snapshot);
}
