-- The files that were loaded without a topic.
-- Grain: one row for each; its rows in tables have its topic_partition, and as topic_offset their
-- line, counted from 0.
CREATE TABLE ops.loaded_files (
  stream VARCHAR,
  number BIGINT,
  topic_partition BIGINT,
  sequence BIGINT,
  location VARCHAR,
  bytes BIGINT,
  sha256 VARCHAR
)
