-- What has run, by schedule, by hand, for a backfill or for upkeep.
-- Grain: one row for each of the newest runs.
CREATE TABLE ops.runs (
  run BIGINT,
  kind VARCHAR,
  what VARCHAR,
  why VARCHAR,
  state VARCHAR,
  message VARCHAR,
  started_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE
)
