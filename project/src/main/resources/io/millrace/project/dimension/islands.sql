-- A version that was known unchanged from one moment to the next is one row.
islands AS (
  SELECT *, millrace_number - row_number() OVER by_number AS millrace_island
  FROM (
    SELECT
      *,
      row(*COLUMNS(* EXCLUDE (millrace_moment, millrace_number, millrace_next_moment))) AS millrace_same
    FROM kept
  )
  WINDOW by_number AS (PARTITION BY millrace_same ORDER BY millrace_number)
)
