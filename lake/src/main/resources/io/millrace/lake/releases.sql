-- Releases. Grain: one row per release, never changed; the snapshot of each of its tables beside it.
CREATE TABLE IF NOT EXISTS releases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_micros INTEGER NOT NULL,
  run INTEGER NOT NULL,
  why TEXT NOT NULL
);
-- role is 'model' for a table that the release publishes, 'input' for one that was read for it. The
-- snapshot is -1 if that had no rows yet.
CREATE TABLE IF NOT EXISTS release_tables (
  release INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  snapshot INTEGER NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (release, role, table_name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS release_tables_by_table ON release_tables (table_name, snapshot);
-- Grain: a model's table and an input of which the release has more than the table has taken in.
CREATE TABLE IF NOT EXISTS release_behind (
  release INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  input TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (release, table_name, input)
) WITHOUT ROWID;
