-- The rows that begin a version, and those that end the last one of a key that is deleted.
starts AS (
  SELECT *
  FROM ${settled}
  WINDOW by_time AS (PARTITION BY ${part} ORDER BY millrace_time)
  QUALIFY CASE
    WHEN millrace_gone THEN NOT lag(millrace_gone, 1, true) OVER by_time
    ELSE lag(millrace_gone, 1, true) OVER by_time
      OR lag(millrace_version) OVER by_time IS DISTINCT FROM millrace_version
  END
),
versions AS (
  SELECT
    *,
    lead(millrace_time) OVER by_time AS millrace_until,
    coalesce(lead(millrace_gone) OVER by_time, false) AS millrace_ends,
    lead(millrace_time, 2) OVER by_time AS millrace_again
  FROM starts
  WINDOW by_time AS (PARTITION BY ${part} ORDER BY millrace_time)
)
