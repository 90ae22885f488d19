package io.millrace.models;

import io.millrace.core.Quoted;
import io.millrace.core.SqlFile;
import io.millrace.core.TableName;
import io.millrace.project.DataTest;
import io.millrace.project.DataTest.Check;
import io.millrace.project.Dimension;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Fingerprint;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A data test as a SELECT of the rows that are wrong: it passes when there are none.
 *
 * @param sql one SELECT
 * @param what what the rows are: {@code rows of gold.daily_sales have no day}
 */
record FailingRows(String sql, String what) {

  /** What a test asks, so that it is known by it in later builds. */
  static String digest(DataTest test) {
    return Fingerprint.of(of(test, Instant.EPOCH).sql());
  }

  static FailingRows of(DataTest test, Instant now) {
    String from = from(test);
    TableName table = test.table();
    Check check = test.check();
    if (check instanceof Check.NotNull it) {
      return new FailingRows(
          "SELECT * FROM %s WHERE %s IS NULL".formatted(from, Quoted.name(it.column())),
          "rows of %s have no %s".formatted(table, it.column()));
    }
    if (check instanceof Check.Unique it) {
      return unique(it.columns(), from, table);
    }
    if (check instanceof Check.AcceptedValues it) {
      return accepted(it, from, table);
    }
    if (check instanceof Check.Relationships it) {
      return relationships(it, from, table);
    }
    if (check instanceof Check.Determines it) {
      return determines(it, from, table);
    }
    if (check instanceof Check.RowCount it) {
      return rowCount(it, from, table);
    }
    if (check instanceof Check.Freshness it) {
      return freshness(it, from, table, now);
    }
    if (check instanceof Check.Versions it) {
      return versions(it.dimension(), from, table);
    }
    return new FailingRows(((Check.Sql) check).select(), "rows are wrong");
  }

  private static FailingRows versions(Dimension dimension, String from, TableName table) {
    List<String> key = dimension.uniqueKey();
    boolean snapshot = dimension.kind() == Dimension.Kind.SNAPSHOT;
    boolean recorded = dimension.recordedAt().isPresent();
    Map<String, String> holes = new HashMap<>();
    holes.put("key", Quoted.names(key));
    holes.put("one_key", Quoted.prefixed("one", key));
    holes.put(
        "key_missing",
        key.stream().map(it -> Quoted.name(it) + " IS NULL").collect(Collectors.joining(" OR ")));
    holes.put("same_key", Quoted.sameKey("one", "other", key));
    // Of what keeps no versions, each row is a current one.
    holes.put(
        "from",
        snapshot
            ? from
            : "(SELECT *, nullif(valid_from, valid_from) AS valid_to FROM " + from + ")");
    boolean ends = snapshot && dimension.hardDeletes() == HardDeletes.INVALIDATE;
    holes.put("ends", ends ? Dimension.WAS_DELETED : "false");
    holes.put("current", recorded ? Dimension.RECORDED_TO + " IS NULL" : "true");
    List<String> wrong = new ArrayList<>(List.of("history-failures"));
    if (recorded) {
      wrong.add("recorded-failures");
    }
    dimension
        .surrogateKey()
        .ifPresent(
            it -> {
              holes.put("surrogate_key", Quoted.name(it));
              wrong.add("surrogate-failures");
            });
    return new FailingRows(
        wrong.stream()
            .map(it -> SqlFile.fill(FailingRows.class, it, holes))
            .collect(Collectors.joining("\n")),
        "versions in %s are not one after the other".formatted(table));
  }

  /**
   * Of a unique test that held before some rows came: rows are wrong that share their values with
   * one of those. So what is remembered meanwhile grows with what is new, not with the table.
   *
   * @param fresh the rows that came; they are in the table too
   */
  static FailingRows among(TableName fresh, DataTest test) {
    List<String> columns = ((Check.Unique) test.check()).columns();
    String from =
        "(SELECT * FROM %s AS one WHERE EXISTS (SELECT 1 FROM %s AS fresh WHERE %s))"
            .formatted(from(test), Quoted.name(fresh), Quoted.sameKey("one", "fresh", columns));
    return unique(columns, from, test.table());
  }

  private static String from(DataTest test) {
    String table = Quoted.name(test.table());
    return test.where()
        .map(where -> "(SELECT * FROM %s WHERE %s)".formatted(table, where))
        .orElse(table);
  }

  private static FailingRows unique(List<String> columns, String from, TableName table) {
    String noNulls =
        columns.stream()
            .map(column -> Quoted.name(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String names = Quoted.names(columns);
    return new FailingRows(
        "SELECT %s, count(*) AS rows FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1"
            .formatted(names, from, noNulls, names),
        "values of %s stand in more than one row of %s"
            .formatted(String.join(", ", columns), table));
  }

  private static FailingRows accepted(Check.AcceptedValues check, String from, TableName table) {
    String column = Quoted.name(check.column());
    String values =
        check.quote() ? Quoted.texts(check.values()) : String.join(", ", check.values());
    return new FailingRows(
        "SELECT %s, count(*) AS rows FROM %s WHERE %s NOT IN (%s) GROUP BY ALL"
            .formatted(column, from, column, values),
        "values of %s in %s are not among those accepted".formatted(check.column(), table));
  }

  private static FailingRows relationships(
      Check.Relationships check, String from, TableName table) {
    String column = Quoted.name(check.column());
    return new FailingRows(
        "SELECT child.%s, count(*) AS rows FROM %s AS child WHERE child.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s AS parent WHERE parent.%s = child.%s) GROUP BY ALL"
            .formatted(
                column, from, column, Quoted.name(check.to()), Quoted.name(check.field()), column),
        "values of %s in %s are not in %s of %s"
            .formatted(check.column(), table, check.field(), check.to()));
  }

  private static FailingRows determines(Check.Determines check, String from, TableName table) {
    String column = Quoted.name(check.column());
    return new FailingRows(
        "SELECT %s, count(*) AS choices FROM (SELECT DISTINCT %s, %s FROM %s) GROUP BY ALL HAVING count(*) > 1"
            .formatted(column, column, Quoted.names(check.columns()), from),
        "values of %s in %s do not determine %s"
            .formatted(check.column(), table, String.join(", ", check.columns())));
  }

  private static FailingRows rowCount(Check.RowCount check, String from, TableName table) {
    Optional<String> few = check.min().map(min -> "rows < " + min);
    Optional<String> many = check.max().map(max -> "rows > " + max);
    String wrong =
        few.isPresent() && many.isPresent()
            ? few.get() + " OR " + many.get()
            : few.or(() -> many).orElse("false");
    return new FailingRows(
        "SELECT rows FROM (SELECT count(*) AS rows FROM %s) WHERE %s".formatted(from, wrong),
        "count of the rows of %s is not within %s and %s"
            .formatted(
                table,
                check.min().map(String::valueOf).orElse("0"),
                check.max().map(String::valueOf).orElse("any number")));
  }

  private static FailingRows freshness(
      Check.Freshness check, String from, TableName table, Instant now) {
    String oldest = now.minus(check.maxAge()).atOffset(ZoneOffset.UTC).toString();
    return new FailingRows(
        "SELECT newest FROM (SELECT max(%s) AS newest FROM %s) WHERE newest IS NULL OR newest < CAST(%s AS TIMESTAMP WITH TIME ZONE)"
            .formatted(Quoted.name(check.column()), from, Quoted.text(oldest)),
        "newest %s of %s is older than %s hours"
            .formatted(check.column(), table, check.maxAge().toHours()));
  }
}
