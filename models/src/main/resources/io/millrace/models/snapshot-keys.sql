-- Keys of which snapshots that have come or changed say something else than the history does.
-- Grain: one row for each key.
WITH kept AS (
  SELECT ${key}, ${taken_at}, row(${compared}) AS millrace_same
  FROM ${own} AS own
  JOIN build.times AS times ON ${covers}
),
now AS (
  SELECT ${key}, ${taken_at}, row(${compared}) AS millrace_same
  FROM build.retaken
)
SELECT ${now_key}
FROM now
LEFT JOIN kept ON ${same_key} AND now.${taken_at} = kept.${taken_at}
WHERE kept.${taken_at} IS NULL OR now.millrace_same IS DISTINCT FROM kept.millrace_same
UNION
SELECT ${kept_key}
FROM kept
LEFT JOIN now ON ${same_key} AND now.${taken_at} = kept.${taken_at}
WHERE now.${taken_at} IS NULL
