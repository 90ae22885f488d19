package io.millrace.collect.file;

import java.io.IOException;

/** The events of a file in its order. */
sealed interface Events permits LineEvents, ArrayEvents, CsvEvents {

  Batch.Framing framing();

  /** Puts the next events into a batch until it is full or the file ends. */
  void fill(Batch batch) throws IOException;
}
