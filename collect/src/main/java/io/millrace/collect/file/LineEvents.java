package io.millrace.collect.file;

import java.io.IOException;

/** An event on each line. Lines without anything on them are no events. */
record LineEvents(ByteSource source) implements Events {

  @Override
  public Batch.Framing framing() {
    return Batch.Framing.LINES;
  }

  @Override
  public void fill(Batch batch) throws IOException {
    int last = 0;
    while (last != ByteSource.END && !batch.isFull()) {
      long line = source.line();
      boolean blank = true;
      batch.begin();
      for (last = source.next(); last != '\n' && last != ByteSource.END; last = source.next()) {
        batch.put(last);
        blank &= ByteSource.isSpace(last);
      }
      if (blank) {
        batch.abandon();
      } else {
        batch.end(line);
      }
    }
  }
}
