-- What has gone wrong. Grain: an incident; one of a kind and asset goes on at a time.
CREATE TABLE IF NOT EXISTS incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  asset TEXT NOT NULL,
  upstream TEXT NOT NULL,
  cause TEXT NOT NULL,
  affected INTEGER NOT NULL,
  done TEXT NOT NULL,
  since_micros INTEGER NOT NULL,
  acknowledged_micros INTEGER,
  ended_micros INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS incidents_going_on
  ON incidents (kind, asset) WHERE ended_micros IS NULL;
