-- Which snapshots belong together. A role is 'model' for a table that the release publishes, and
-- 'input' for one that was read for it.
-- Grain: one row for each release and table.
CREATE TABLE ops.releases (
  release BIGINT,
  released_at TIMESTAMP WITH TIME ZONE,
  run BIGINT,
  why VARCHAR,
  table_name VARCHAR,
  role VARCHAR,
  snapshot BIGINT
)
