package io.millrace.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the rows of a slowly changing dimension follow from what a SELECT says of its keys. They are
 * a function of the rows of the SELECT, in whatever order these came: nothing is remembered.
 *
 * @param updatedAt the column that says since when a row is so
 * @param takenAt the column that says which full snapshot a row is of; without, rows are changes
 * @param checkCols columns with which another version begins; empty if each {@code updatedAt} is
 *     one
 * @param deleted the column, true or false, that says that a row is the deletion of its key
 * @param recordedAt the column that says since when a row is known; with it, what was known before
 *     is kept
 * @param inferred the column, true or false, that says that a row only mentions its key
 * @param surrogateKey the column that is made of the key and the time its version begins
 */
public record Dimension(
    Kind kind,
    List<String> uniqueKey,
    Optional<String> updatedAt,
    Optional<String> takenAt,
    Optional<Columns> checkCols,
    Optional<String> deleted,
    HardDeletes hardDeletes,
    Optional<String> recordedAt,
    List<String> previous,
    Optional<String> inferred,
    Optional<String> surrogateKey) {

  public static final String VALID_FROM = "valid_from";
  public static final String VALID_TO = "valid_to";
  public static final String WAS_DELETED = "was_deleted";
  public static final String IS_DELETED = "is_deleted";
  public static final String RECORDED_FROM = "recorded_from";
  public static final String RECORDED_TO = "recorded_to";

  public Dimension {
    uniqueKey = List.copyOf(uniqueKey);
    previous = List.copyOf(previous);
  }

  /** What of the history is kept. */
  public enum Kind {
    /** All versions. */
    SNAPSHOT,
    /** The newest values. */
    SCD1,
    /** The newest values, and of some columns those before. */
    SCD3
  }

  /** What becomes of a key that is deleted; dbt's words. */
  public enum HardDeletes {
    /** Nothing: its last version stays the current one. */
    IGNORE,
    /** Its last version ends. */
    INVALIDATE,
    /** Its last version ends, and is followed by one that says that it is deleted. */
    NEW_RECORD
  }

  /**
   * Columns of a SELECT.
   *
   * @param names empty if all are meant
   */
  public record Columns(List<String> names) {
    public Columns {
      names = List.copyOf(names);
    }
  }

  /**
   * The SELECT of the dimension.
   *
   * @param sql the SELECT that says what is so of keys; it stays on the lines it is on
   */
  public String select(String sql) {
    return new DimensionSql(this).around("(" + SelectText.of(sql) + "\n)", "said");
  }

  /**
   * The SELECT of some keys of the dimension.
   *
   * @param rows a table of all that is said of these keys
   * @param sql the SELECT of what is said of all keys, asked for the times of snapshots alone
   */
  public String selectOver(String rows, String sql) {
    return new DimensionSql(this)
        .around("(SELECT * FROM " + rows + ")", "(" + SelectText.of(sql) + "\n)");
  }

  /** Columns that a row of the dimension is known by. */
  public List<String> rowKey() {
    List<String> key = new ArrayList<>(uniqueKey);
    if (kind == Kind.SNAPSHOT) {
      key.add(VALID_FROM);
      recordedAt.ifPresent(it -> key.add(RECORDED_FROM));
    }
    return List.copyOf(key);
  }
}
