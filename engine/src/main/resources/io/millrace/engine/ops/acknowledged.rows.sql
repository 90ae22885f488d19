SELECT topic, partition, events, last_offset FROM acknowledged
