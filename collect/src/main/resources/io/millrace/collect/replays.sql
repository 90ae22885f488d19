-- Rejected events that were sent again. Grain: one row for each.
CREATE TABLE IF NOT EXISTS replays (
  stream TEXT NOT NULL,
  topic TEXT NOT NULL,
  topic_partition INTEGER NOT NULL,
  topic_offset INTEGER NOT NULL,
  to_partition INTEGER NOT NULL,
  to_offset INTEGER NOT NULL,
  replayed_micros INTEGER NOT NULL,
  PRIMARY KEY (topic, topic_partition, topic_offset)
) WITHOUT ROWID;
-- Replays that have begun and not ended. Grain: one row for each of them and partition they send to.
CREATE TABLE IF NOT EXISTS replay_marks (
  stream TEXT NOT NULL,
  replay TEXT NOT NULL,
  to_partition INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  PRIMARY KEY (stream, replay, to_partition)
) WITHOUT ROWID;
