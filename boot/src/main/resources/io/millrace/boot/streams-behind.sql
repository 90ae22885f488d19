-- Streams with acknowledged events that no commit has, whose last commit is older than a limit.
-- Grain: one row for each stream, the one that is farthest behind first.
SELECT commits.stream, max(commits.sealed_at_micros) AS committed_at
FROM commits
WHERE EXISTS (
  SELECT 1
  FROM acknowledged AS taken
  WHERE taken.topic IN (commits.stream, commits.stream || '.rejected')
    AND taken.last_offset >= (
      SELECT coalesce(max(ranges.to_offset), 0)
      FROM commit_ranges AS ranges
      WHERE ranges.stream = commits.stream
        AND ranges.topic = taken.topic
        AND ranges.topic_partition = taken.partition
    )
)
GROUP BY commits.stream
HAVING max(commits.sealed_at_micros) < ?
ORDER BY committed_at
LIMIT 1
