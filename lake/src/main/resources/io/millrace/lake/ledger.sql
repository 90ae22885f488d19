-- The ledger of commits. Grain: one row per commit of a stream; its offsets and its tables beside it.
CREATE TABLE IF NOT EXISTS commits (
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  checkpoint INTEGER NOT NULL,
  sealed_at_micros INTEGER NOT NULL,
  seal TEXT NOT NULL,
  PRIMARY KEY (stream, sequence)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commit_ranges (
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  topic TEXT NOT NULL,
  topic_partition INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  to_offset INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  late INTEGER NOT NULL,
  absent INTEGER NOT NULL,
  PRIMARY KEY (stream, sequence, topic, topic_partition)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commit_parts (
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  snapshot INTEGER NOT NULL,
  PRIMARY KEY (stream, sequence, table_name)
) WITHOUT ROWID;
-- Which commits are corrections, and of which commits, both included.
CREATE TABLE IF NOT EXISTS commit_corrections (
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  PRIMARY KEY (stream, sequence)
) WITHOUT ROWID;
-- The correction that is to be the next commit of a stream.
CREATE TABLE IF NOT EXISTS proposed_corrections (
  stream TEXT NOT NULL PRIMARY KEY,
  correction BLOB NOT NULL
) WITHOUT ROWID;
-- The files that were loaded without a topic, no bytes twice. Grain: one row per stream and file.
CREATE TABLE IF NOT EXISTS loaded_files (
  stream TEXT NOT NULL,
  number INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  location TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (stream, number),
  UNIQUE (stream, sha256)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS loaded_files_by_commit ON loaded_files (stream, sequence);
-- The load that is to be the next commit of a stream.
CREATE TABLE IF NOT EXISTS proposed_loads (
  stream TEXT NOT NULL PRIMARY KEY,
  load BLOB NOT NULL
) WITHOUT ROWID;
