-- Grain: one row for each time of day.
WITH times AS (
  SELECT unnest(range(0, 24 * 60, ${minutes})) AS number
)
SELECT
  CAST(100 * (number // 60) + number % 60 AS INTEGER) AS time_key,
  format('{:02d}:{:02d}', number // 60, number % 60) AS time_of_day,
  CAST(number // 60 AS INTEGER) AS hour,
  CAST(number % 60 AS INTEGER) AS minute,
  CASE WHEN number < 12 * 60 THEN 'am' ELSE 'pm' END AS half${part}
FROM times
