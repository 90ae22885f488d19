SELECT * EXCLUDE (millrace_island)
FROM (
  SELECT
    * EXCLUDE (millrace_moment, millrace_number, millrace_next_moment, millrace_same),
    min(millrace_moment) AS recorded_from,
    CASE WHEN count(millrace_next_moment) = count(*) THEN max(millrace_next_moment) END AS recorded_to
  FROM islands
  GROUP BY ALL
)
