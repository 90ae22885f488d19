-- What each commit of a stream accounts for.
-- Grain: one row for each commit and topic partition it read.
CREATE TABLE ops.commits (
  stream VARCHAR,
  sequence BIGINT,
  committed_at TIMESTAMP WITH TIME ZONE,
  topic VARCHAR,
  topic_partition BIGINT,
  from_offset BIGINT,
  to_offset BIGINT,
  accepted BIGINT,
  rejected BIGINT,
  repeated BIGINT,
  late BIGINT,
  absent BIGINT,
  corrects_from BIGINT,
  corrects_to BIGINT,
  seal VARCHAR
)
