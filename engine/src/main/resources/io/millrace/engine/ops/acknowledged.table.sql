-- What the collector has acknowledged since the data directory was made.
-- Grain: one row for each topic partition.
CREATE TABLE ops.acknowledged (
  topic VARCHAR,
  topic_partition BIGINT,
  events BIGINT,
  last_offset BIGINT
)
