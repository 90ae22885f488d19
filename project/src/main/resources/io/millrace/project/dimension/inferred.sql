-- A row that only mentions its key counts while nothing is said of it. What is said first is so since the key was first
-- mentioned: the version keeps its beginning, and only its values are filled in.
told AS (
  SELECT
    *,
    min(millrace_time) FILTER (${mentions}) OVER of_key AS millrace_mentioned,
    min(millrace_time) FILTER (NOT ${mentions}) OVER of_key AS millrace_told,
    arg_min(millrace_gone, millrace_time) FILTER (NOT ${mentions}) OVER of_key AS millrace_told_gone
  FROM settled
  WINDOW of_key AS (PARTITION BY ${part})
),
stretched AS (
  SELECT
    * EXCLUDE (millrace_mentioned, millrace_told, millrace_told_gone) REPLACE (
      CASE
        WHEN millrace_time = millrace_told AND NOT millrace_gone THEN least(millrace_time, millrace_mentioned)
        ELSE millrace_time
      END AS millrace_time
    )
  FROM told
  WHERE NOT ${mentions}
    OR (
      millrace_time = millrace_mentioned
      AND (millrace_told IS NULL OR (millrace_told_gone AND millrace_mentioned < millrace_told))
    )
)
