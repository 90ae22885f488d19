package io.millrace.engine;

import io.millrace.lake.AsOf;

/**
 * One SELECT and how it is to be answered.
 *
 * @param asOf which state of the lake it reads
 * @param limit the most rows that are returned
 */
public record Query(String sql, AsOf asOf, long limit) {

  public Query {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of " + limit + " rows");
    }
  }

  public static Query of(String sql) {
    return new Query(sql, AsOf.now(), Long.MAX_VALUE);
  }

  public Query asOf(AsOf state) {
    return new Query(sql, state, limit);
  }

  public Query limit(long rows) {
    return new Query(sql, asOf, rows);
  }
}
