-- Versions that cannot be: each key has its own, one after the other without a gap, and the last of them is the
-- current one unless the key was deleted.
WITH ordered AS (
  SELECT
    ${key},
    ${key_missing} AS no_key,
    valid_from,
    valid_to,
    ${ends} AS ends,
    lead(valid_from) OVER (PARTITION BY ${key} ORDER BY valid_from, valid_to NULLS LAST) AS next_from
  FROM ${from}
  WHERE ${current}
)
SELECT
  ${key},
  valid_from,
  valid_to,
  CASE
    WHEN no_key THEN 'has no key'
    WHEN valid_from IS NULL THEN 'has no time'
    WHEN valid_to <= valid_from THEN 'ends before it begins'
    WHEN next_from IS NULL AND valid_to IS NOT NULL AND NOT ends THEN 'has no current version after it'
    WHEN next_from IS NULL THEN NULL
    WHEN valid_to IS NULL THEN 'is current, and so is a later one'
    WHEN valid_to > next_from THEN 'overlaps the next one'
    WHEN valid_to < next_from AND NOT ends THEN 'leaves a gap'
  END AS wrong
FROM ordered
WHERE wrong IS NOT NULL
