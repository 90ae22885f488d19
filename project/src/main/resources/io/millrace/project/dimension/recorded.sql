-- What says again what was said just before, and was known then, never changes what is known.
news AS (
  SELECT *
  FROM changes
  WINDOW by_time AS (PARTITION BY ${key} ORDER BY millrace_time, ${recorded_at}, millrace_gone, millrace_row)
  QUALIFY NOT coalesce(
    lag(millrace_gone) OVER by_time = millrace_gone
      AND lag(${recorded_at}) OVER by_time <= ${recorded_at}
      AND (
        millrace_gone
        OR lag(millrace_said) OVER by_time IS NOT DISTINCT FROM millrace_said
        OR (
          lag(millrace_time) OVER by_time < millrace_time
          AND lag(millrace_version) OVER by_time IS NOT DISTINCT FROM millrace_version
        )
      ),
    false
  )
),
moments AS (
  SELECT
    *,
    row_number() OVER by_moment AS millrace_number,
    lead(millrace_moment) OVER by_moment AS millrace_next_moment
  FROM (SELECT DISTINCT ${key}, ${recorded_at} AS millrace_moment FROM news)
  WINDOW by_moment AS (PARTITION BY ${key} ORDER BY millrace_moment)
),
-- Everything that was known at each moment.
known AS (
  SELECT news.*, millrace_moment, millrace_number, millrace_next_moment
  FROM news
  JOIN moments ON ${same_key} AND news.${recorded_at} <= millrace_moment
)
