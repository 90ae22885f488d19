taken AS (
  SELECT
    millrace_taken,
    lag(millrace_taken) OVER by_time AS millrace_before,
    lead(millrace_taken) OVER by_time AS millrace_next
  FROM (SELECT DISTINCT ${taken_at} AS millrace_taken FROM ${all})
  WINDOW by_time AS (ORDER BY millrace_taken)
),
-- Beside each row the snapshots around it, and those around it that have its key.
observed AS (
  SELECT
    given.*,
    millrace_before,
    millrace_next,
    lag(${taken_at}) OVER by_time AS millrace_seen_before,
    lead(${taken_at}) OVER by_time AS millrace_seen_next
  FROM given
  LEFT JOIN taken ON millrace_taken = ${taken_at}
  WINDOW by_time AS (PARTITION BY ${key} ORDER BY ${taken_at})
),
-- A key that the next snapshot lacks was deleted by then. What comes back has come back when it is seen again, however
-- long ago it was updated.
changes AS (
  SELECT
    *,
    CASE
      WHEN ${sees_deletions} AND millrace_seen_before < millrace_before AND ${updated_at} <= millrace_before
        THEN ${taken_at}
      ELSE ${updated_at}
    END AS millrace_time,
    false AS millrace_gone
  FROM observed
  UNION ALL
  SELECT *, millrace_next AS millrace_time, true AS millrace_gone
  FROM observed
  WHERE ${sees_deletions}
    AND millrace_next IS NOT NULL
    AND (millrace_seen_next IS NULL OR millrace_next < millrace_seen_next)
)
