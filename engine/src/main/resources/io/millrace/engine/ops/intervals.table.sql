-- Which intervals of which tables are wanted, and which have been built. The times of the interval
-- are null for a table that is not built by intervals.
-- Grain: one row for each interval of a table.
CREATE TABLE ops.intervals (
  table_name VARCHAR,
  interval_start TIMESTAMP WITH TIME ZONE,
  interval_end TIMESTAMP WITH TIME ZONE,
  state VARCHAR,
  why VARCHAR,
  message VARCHAR,
  attempts BIGINT,
  not_before TIMESTAMP WITH TIME ZONE,
  backfill BIGINT,
  run BIGINT,
  rows BIGINT,
  changed_at TIMESTAMP WITH TIME ZONE
)
