-- The times at which a history says something else of a key than it did.
-- Grain: one row for each stretch, in quarters of an hour; without an end it lasts.
WITH changed AS (
  SELECT ${key}, valid_from, valid_to, row(${told}) AS says, 1 AS side
  FROM (${new_rows})
  WHERE ${current}
  UNION ALL
  SELECT ${key}, valid_from, valid_to, row(${told}) AS says, -1 AS side
  FROM (${gone_rows})
  WHERE ${current}
),
edges AS (
  SELECT DISTINCT ${key}, unnest([valid_from, valid_to]) AS edge
  FROM changed
),
stretches AS (
  SELECT *, lead(edge) OVER (PARTITION BY ${key} ORDER BY edge NULLS LAST) AS until
  FROM edges
  QUALIFY edge IS NOT NULL
),
differing AS (
  SELECT stretches.edge, stretches.until
  FROM stretches
  JOIN changed
    ON ${same_key}
    AND changed.valid_from <= stretches.edge
    AND (changed.valid_to IS NULL OR stretches.until <= changed.valid_to)
  GROUP BY ${stretch_key}, stretches.edge, stretches.until, changed.says
  HAVING sum(changed.side) <> 0
)
SELECT DISTINCT
  CAST(floor(epoch_us(edge) / ${quarter}) AS BIGINT) AS first_quarter,
  CAST(ceil(epoch_us(until) / ${quarter}) AS BIGINT) AS end_quarter,
  typeof(edge) = 'TIMESTAMP WITH TIME ZONE' AS is_utc
FROM differing
