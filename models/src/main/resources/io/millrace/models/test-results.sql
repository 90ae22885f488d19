-- What came of data tests and unit tests. Grain: one row for each test, of the newest build that ran it.
CREATE TABLE IF NOT EXISTS test_results (
  test TEXT NOT NULL PRIMARY KEY,
  table_name TEXT NOT NULL,
  run INTEGER NOT NULL,
  tested_at_micros INTEGER NOT NULL,
  severity TEXT NOT NULL,
  failures INTEGER NOT NULL,
  sentence TEXT NOT NULL
) WITHOUT ROWID;
