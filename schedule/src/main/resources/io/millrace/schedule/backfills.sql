-- Backfills. Grain: a backfill. Lists of tables are separated by spaces; marked are those whose
-- intervals have been wanted, so that they are not wanted again after a restart.
CREATE TABLE IF NOT EXISTS backfills (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tables TEXT NOT NULL,
  from_micros INTEGER NOT NULL,
  to_micros INTEGER NOT NULL,
  max_parallel INTEGER NOT NULL,
  max_load REAL NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  run INTEGER,
  marked TEXT NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  started_micros INTEGER NOT NULL,
  resumed_micros INTEGER NOT NULL,
  resumed_done INTEGER NOT NULL,
  ended_micros INTEGER
);
