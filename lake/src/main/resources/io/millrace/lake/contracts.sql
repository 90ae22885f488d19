-- What was accepted of each stream: the text of its file, counted from 1.
CREATE TABLE IF NOT EXISTS contracts (
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  accepted_at_micros INTEGER NOT NULL,
  PRIMARY KEY (stream, version)
);
