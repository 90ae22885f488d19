-- What ran. Grain: a run; its steps, one for each build or chore; the lines they said.
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  why TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  started_micros INTEGER NOT NULL,
  ended_micros INTEGER
);
CREATE TABLE IF NOT EXISTS run_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  from_micros INTEGER NOT NULL,
  to_micros INTEGER NOT NULL,
  intervals INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  rows INTEGER NOT NULL,
  message TEXT NOT NULL,
  branch TEXT NOT NULL,
  started_micros INTEGER NOT NULL,
  ended_micros INTEGER
);
CREATE INDEX IF NOT EXISTS run_steps_of_run ON run_steps (run);
CREATE TABLE IF NOT EXISTS run_lines (
  step INTEGER NOT NULL,
  line INTEGER NOT NULL,
  at_micros INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (step, line)
) WITHOUT ROWID;
