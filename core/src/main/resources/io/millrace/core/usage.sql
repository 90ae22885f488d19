-- What work took. Grain: an hour, a kind of work and the name of who did it.
CREATE TABLE IF NOT EXISTS usage (
  hour_micros INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  times INTEGER NOT NULL,
  busy_micros INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (hour_micros, kind, name)
) WITHOUT ROWID;

-- How much of the time of a process is in usage. Grain: the last process that had a number.
CREATE TABLE IF NOT EXISTS usage_processes (
  pid INTEGER PRIMARY KEY,
  started_micros INTEGER NOT NULL,
  cpu_micros INTEGER NOT NULL
);
