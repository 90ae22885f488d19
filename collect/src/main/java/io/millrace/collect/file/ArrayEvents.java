package io.millrace.collect.file;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The elements of one JSON array that may be larger than memory. It is cut where the collector
 * would cut it, so that each element arrives with its bytes as they are in the file.
 */
final class ArrayEvents implements Events {

  private final Path file;
  private final ByteSource source;
  private boolean begun;
  private boolean ended;

  ArrayEvents(Path file, ByteSource source) {
    this.file = file;
    this.source = source;
  }

  @Override
  public Batch.Framing framing() {
    return Batch.Framing.ARRAY;
  }

  @Override
  public void fill(Batch batch) throws IOException {
    if (!begun) {
      nextVisible(); // the bracket, by which the file was known as an array
    }
    while (!ended && !batch.isFull()) {
      int first = nextVisible();
      if (first == ']' && !begun) {
        ended = true;
      } else if (first == ',' || first == ']') {
        throw broken("there is no event before '" + (char) first + "'");
      } else {
        element(first, batch);
      }
      begun = true;
    }
    int rest = ended ? nextVisible() : ByteSource.END;
    if (rest != ByteSource.END) {
      throw broken("something follows the array");
    }
  }

  private void element(int first, Batch batch) throws IOException {
    long line = source.line();
    int depth = 0;
    batch.begin();
    for (int value = first; value != ByteSource.END; value = source.next()) {
      if (depth == 0 && (value == ',' || value == ']')) {
        ended = value == ']';
        batch.end(line);
        return;
      }
      batch.put(value);
      switch (value) {
        case '"' -> string(batch);
        case '{', '[' -> depth++;
        case '}', ']' -> depth = Math.max(0, depth - 1);
        default -> {}
      }
    }
    throw broken("the array is not closed");
  }

  private void string(Batch batch) throws IOException {
    long line = source.line();
    for (int value = source.next(); value != ByteSource.END; value = source.next()) {
      batch.put(value);
      if (value == '\\') {
        batch.put(source.next());
      } else if (value == '"') {
        return;
      }
    }
    throw broken("the string that starts on line " + line + " is not closed");
  }

  private int nextVisible() throws IOException {
    int value = source.next();
    while (ByteSource.isSpace(value)) {
      value = source.next();
    }
    return value;
  }

  private MillraceException broken(String reason) {
    return MillraceException.caller(
        "Cannot read %s:%d as a JSON array: %s".formatted(file, source.line(), reason));
  }
}
