-- What was built, or which chore was done, in each run. The times of the intervals are null for a
-- table that is not built by intervals.
-- Grain: one row for each step of a run.
CREATE TABLE ops.run_steps (
  run BIGINT,
  step BIGINT,
  table_name VARCHAR,
  intervals_start TIMESTAMP WITH TIME ZONE,
  intervals_end TIMESTAMP WITH TIME ZONE,
  intervals BIGINT,
  attempt BIGINT,
  state VARCHAR,
  rows BIGINT,
  message VARCHAR,
  branch VARCHAR,
  started_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE
)
