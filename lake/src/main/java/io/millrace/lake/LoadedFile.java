package io.millrace.lake;

import io.millrace.lake.Ledger.TopicPartition;
import java.io.Serializable;

/**
 * A file whose lines were loaded without a topic. What an offset is to a record, a line is to its
 * events, counted from 0; and in place of a topic partition stands the file's number, below 0.
 *
 * @param number 1, 2, 3 ... in the order in which the files of a stream were loaded
 * @param location where it was
 * @param bytes as it was there, compressed or not
 * @param sha256 of these bytes, in hex
 */
public record LoadedFile(int number, String location, long bytes, String sha256)
    implements Serializable {

  public LoadedFile {
    if (number < 1) {
      throw new IllegalArgumentException("files are numbered from 1, not " + number);
    }
  }

  /** The partition that its rows and ranges have. */
  public int partition() {
    return partition(number);
  }

  /** The partition that rows of a file of this number have. */
  public static int partition(int number) {
    return -number;
  }

  /** In a book of cuts, the place of a topic's files: its offset is how many there were. */
  public static TopicPartition all(String topic) {
    return new TopicPartition(topic, partition(1));
  }

  /** Whether what is there came from a file, and not from Kafka. */
  public static boolean isPartition(int partition) {
    return partition < 0;
  }
}
