package io.millrace.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * One SELECT and how it is to be answered.
 *
 * @param asOf the lake as it was then; without, as it is now
 * @param limit the most rows that are returned
 */
public record Query(String sql, Optional<Instant> asOf, long limit) {

  public Query {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of " + limit + " rows");
    }
  }

  public static Query of(String sql) {
    return new Query(sql, Optional.empty(), Long.MAX_VALUE);
  }

  public Query asOf(Instant instant) {
    return new Query(sql, Optional.of(instant), limit);
  }

  public Query limit(long rows) {
    return new Query(sql, asOf, rows);
  }
}
