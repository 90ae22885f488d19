SELECT
  table_name,
  nullif(from_micros, -9223372036854775808) AS start_micros,
  nullif(to_micros, 9223372036854775807) AS end_micros,
  state,
  why,
  message,
  attempts,
  nullif(not_before_micros, 0) AS not_before_micros,
  backfill,
  run,
  rows,
  changed_micros
FROM intervals
