-- Which rejected events were sent again, and where to.
-- Grain: one row for each of them.
CREATE TABLE ops.replays (
  stream VARCHAR,
  topic VARCHAR,
  topic_partition BIGINT,
  topic_offset BIGINT,
  to_partition BIGINT,
  to_offset BIGINT,
  replayed_at TIMESTAMP WITH TIME ZONE
)
