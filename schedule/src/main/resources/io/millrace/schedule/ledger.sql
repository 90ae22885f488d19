-- The ledger of intervals. Grain: a table of a model; its inputs and its intervals beside it.
CREATE TABLE IF NOT EXISTS ledger_tables (
  table_name TEXT PRIMARY KEY,
  definition TEXT,
  held TEXT,
  fired_micros INTEGER,
  unreleased INTEGER,
  rebuilding INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_positions (
  table_name TEXT NOT NULL,
  input TEXT NOT NULL,
  snapshot INTEGER NOT NULL,
  PRIMARY KEY (table_name, input)
) WITHOUT ROWID;
-- Due while built < wanted. What runs is built as of the version in building, so that an interval
-- that changes meanwhile stays due.
CREATE TABLE IF NOT EXISTS intervals (
  table_name TEXT NOT NULL,
  from_micros INTEGER NOT NULL,
  to_micros INTEGER NOT NULL,
  state TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  building INTEGER NOT NULL,
  built INTEGER NOT NULL,
  extent TEXT NOT NULL,
  why TEXT NOT NULL,
  message TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  not_before_micros INTEGER NOT NULL,
  backfill INTEGER,
  run INTEGER,
  rows INTEGER,
  changed_micros INTEGER NOT NULL,
  PRIMARY KEY (table_name, from_micros, to_micros)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS intervals_open ON intervals (table_name, from_micros, to_micros)
  WHERE state <> 'done';
CREATE INDEX IF NOT EXISTS intervals_retried ON intervals (table_name, not_before_micros)
  WHERE attempts > 0;
