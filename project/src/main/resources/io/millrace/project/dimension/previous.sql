-- The last values that were others than those of now.
previous AS (
  SELECT ${newest_key}, ${previous_values}
  FROM newest
  LEFT JOIN ${settled} AS earlier ON ${same_key} AND NOT earlier.millrace_gone
  GROUP BY ${newest_key}
)
