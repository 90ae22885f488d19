SELECT
  run,
  id,
  table_name,
  nullif(from_micros, -9223372036854775808) AS start_micros,
  nullif(to_micros, 9223372036854775807) AS end_micros,
  intervals,
  attempt,
  state,
  rows,
  message,
  branch,
  started_micros,
  ended_micros
FROM run_steps
