-- Of what is said of a key at one time one row counts: what was recorded last, if that is known, a deletion before others,
-- and then the order of the values decides, so that it makes no difference in which order the rows came.
settled AS (
  SELECT *
  FROM ${changes}
  QUALIFY row_number() OVER (PARTITION BY ${part}, millrace_time ORDER BY ${ties}) = 1
)
