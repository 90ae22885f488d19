SELECT
  stream,
  sequence,
  sealed_at_micros,
  topic,
  topic_partition,
  from_offset,
  to_offset,
  accepted,
  rejected,
  repeated,
  late,
  absent,
  first_sequence,
  last_sequence,
  seal
FROM commits
JOIN commit_ranges USING (stream, sequence)
LEFT JOIN commit_corrections USING (stream, sequence)
