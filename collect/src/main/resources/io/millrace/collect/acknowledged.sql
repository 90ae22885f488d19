-- What the collector has answered for, by partition of a topic.
CREATE TABLE IF NOT EXISTS acknowledged (
  topic TEXT NOT NULL, partition INTEGER NOT NULL, events INTEGER NOT NULL,
  last_offset INTEGER NOT NULL, PRIMARY KEY (topic, partition));
