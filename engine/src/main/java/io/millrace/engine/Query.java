package io.millrace.engine;

import io.millrace.lake.AsOf;
import io.millrace.project.Sight;

/**
 * One SELECT and how it is to be answered.
 *
 * @param asOf which state of the lake it reads
 * @param limit the most rows that are returned
 * @param sight what is shown of personal values; what is not is NULL before the SQL sees it
 */
public record Query(String sql, AsOf asOf, long limit, Sight sight) {

  public Query {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of " + limit + " rows");
    }
  }

  public static Query of(String sql) {
    return new Query(sql, AsOf.now(), Long.MAX_VALUE, Sight.CLEAR);
  }

  public Query asOf(AsOf state) {
    return new Query(sql, state, limit, sight);
  }

  public Query limit(long rows) {
    return new Query(sql, asOf, rows, sight);
  }

  public Query seenWith(Sight other) {
    return new Query(sql, asOf, limit, other);
  }
}
