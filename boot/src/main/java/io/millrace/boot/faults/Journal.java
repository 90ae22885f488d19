package io.millrace.boot.faults;

import io.millrace.core.MillraceException;
import io.millrace.prove.Promise;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The books of the producer: one line before each batch is sent, one each time it is sent again,
 * and one when its answer has come. A line is written before what it says is done, but for the
 * answer, which is written after it came.
 */
final class Journal implements AutoCloseable {

  private static final String TAB = "\t";

  /** What a line says. */
  enum Word {
    SENT,
    AGAIN,
    ACKNOWLEDGED
  }

  /** An event of a batch. */
  record Event(String id, Promise promise) {}

  /**
   * A line.
   *
   * @param millis since 1970
   * @param stream and events of a batch that is sent for the first time
   */
  record Line(Word word, long batch, long millis, String stream, List<Event> events) {}

  private final Writer out;

  private Journal(Writer out) {
    this.out = out;
  }

  static Journal begin(Path file) throws IOException {
    return new Journal(Files.newBufferedWriter(file));
  }

  synchronized void sent(long batch, long millis, String stream, List<Event> events)
      throws IOException {
    String all =
        events.stream().map(it -> it.promise() + ":" + it.id()).collect(Collectors.joining(TAB));
    write(Word.SENT + TAB + batch + TAB + millis + TAB + stream + TAB + all);
  }

  synchronized void again(long batch, long millis) throws IOException {
    write(Word.AGAIN + TAB + batch + TAB + millis);
  }

  synchronized void acknowledged(long batch, long millis) throws IOException {
    write(Word.ACKNOWLEDGED + TAB + batch + TAB + millis);
  }

  private void write(String line) throws IOException {
    out.write(line);
    out.write('\n');
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * Hands on the whole lines from a position of the file.
   *
   * @return the position after the last of them
   */
  static long read(Path file, long from, Consumer<Line> consumer) {
    if (!Files.exists(file)) {
      return from;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] buffer = new byte[1 << 20];
      long position = from;
      while (true) {
        in.seek(position);
        int length = Math.max(0, in.read(buffer));
        int end = length;
        while (end > 0 && buffer[end - 1] != '\n') {
          end--;
        }
        if (end == 0) {
          return position;
        }
        String text = new String(buffer, 0, end, StandardCharsets.UTF_8);
        text.lines().map(Journal::parse).forEach(consumer);
        position += end;
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Line parse(String text) {
    String[] parts = text.split(TAB, -1);
    Word word = Word.valueOf(parts[0]);
    List<Event> events = new ArrayList<>();
    for (int i = 4; i < parts.length; i++) {
      int colon = parts[i].indexOf(':');
      events.add(
          new Event(parts[i].substring(colon + 1), Promise.valueOf(parts[i].substring(0, colon))));
    }
    return new Line(
        word,
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        word == Word.SENT ? parts[3] : "",
        List.copyOf(events));
  }
}
