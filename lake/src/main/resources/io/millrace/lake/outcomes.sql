-- What became of the records of a stream's newest commits; a correction brings no new ones. Grain: one row.
SELECT
  coalesce(sum(accepted), 0),
  coalesce(sum(rejected), 0),
  coalesce(sum(repeated), 0),
  coalesce(sum(late), 0)
FROM commits
JOIN commit_ranges USING (stream, sequence)
WHERE stream = ?
  AND sequence > (SELECT max(sequence) FROM commits WHERE stream = ?) - 1000
  AND sealed_at_micros >= ?
  AND (stream, sequence) NOT IN (SELECT stream, sequence FROM commit_corrections)
