-- People who were erased. Grain: one row per erasure.
CREATE TABLE IF NOT EXISTS erasures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  begun_at_micros INTEGER NOT NULL,
  done_at_micros INTEGER
);
-- Whom an erasure is about, by the first pseudonym of each value.
CREATE TABLE IF NOT EXISTS erasure_people (
  erasure INTEGER NOT NULL,
  pseudonym TEXT NOT NULL,
  PRIMARY KEY (erasure, pseudonym)
) WITHOUT ROWID;
-- Where the topics ended when it began: what lies behind that has other pseudonyms.
CREATE TABLE IF NOT EXISTS erasure_cuts (
  erasure INTEGER NOT NULL,
  topic TEXT NOT NULL,
  topic_partition INTEGER NOT NULL,
  topic_offset INTEGER NOT NULL,
  PRIMARY KEY (erasure, topic, topic_partition)
) WITHOUT ROWID;
-- The newest erasure that each subtask of the stream job goes by.
CREATE TABLE IF NOT EXISTS erasure_noticed (
  subtask INTEGER NOT NULL PRIMARY KEY,
  erasure INTEGER NOT NULL
);
-- Rows that were taken out of a stream's tables, which the ledger still counts.
CREATE TABLE IF NOT EXISTS erased_rows (
  table_name TEXT NOT NULL,
  topic TEXT NOT NULL,
  topic_partition INTEGER NOT NULL,
  topic_offset INTEGER NOT NULL,
  erasure INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  PRIMARY KEY (table_name, topic, topic_partition, topic_offset)
) WITHOUT ROWID;
-- Tables that an erasure has taken its rows out of; snapshot is null if there were none.
CREATE TABLE IF NOT EXISTS erased_parts (
  erasure INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  snapshot INTEGER,
  PRIMARY KEY (erasure, table_name)
) WITHOUT ROWID;
