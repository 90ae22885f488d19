SELECT stream, topic, topic_partition, topic_offset, to_partition, to_offset, replayed_micros FROM replays
