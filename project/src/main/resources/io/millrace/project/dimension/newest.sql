newest AS (
  SELECT *, CASE WHEN millrace_ends THEN millrace_until ELSE millrace_time END AS valid_from, millrace_ends AS is_deleted
  FROM versions
  WHERE NOT millrace_gone
    AND (millrace_until IS NULL OR (${keeps_deleted} AND millrace_ends AND millrace_again IS NULL))
)
