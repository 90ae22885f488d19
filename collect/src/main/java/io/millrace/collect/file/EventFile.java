package io.millrace.collect.file;

import io.millrace.core.MillraceException;
import io.millrace.project.StreamContract;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of events: a JSON array, a line for each, or CSV; each may be compressed with gzip. Which
 * it is shows in its first bytes, and for CSV in its name or in what the contract expects.
 */
public final class EventFile implements AutoCloseable {

  private static final int PEEK_BYTES = 64 << 10;

  private final Path file;
  private final InputStream in;
  private final AtomicLong bytesRead;
  private final Events events;
  private Optional<Batch.Carried> carried = Optional.empty();

  private EventFile(Path file, InputStream in, AtomicLong bytesRead, Events events) {
    this.file = file;
    this.in = in;
    this.bytesRead = bytesRead;
    this.events = events;
  }

  public static EventFile open(Path file, StreamContract contract) {
    if (!Files.exists(file)) {
      throw MillraceException.caller("Cannot load %s: there is no such file".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw MillraceException.caller(
          "Cannot load %s: it is a directory; name the files in it".formatted(file));
    }
    AtomicLong bytesRead = new AtomicLong();
    try {
      // Closed by the caller through the stream around it.
      InputStream raw = buffered(new Counted(Files.newInputStream(file), bytesRead));
      InputStream in = isGzip(raw) ? buffered(new GZIPInputStream(raw, PEEK_BYTES)) : raw;
      skipByteOrderMark(file, in);
      return new EventFile(file, in, bytesRead, events(file, in, contract));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static Events events(Path file, InputStream in, StreamContract contract)
      throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".csv")) {
      return CsvEvents.open(file, in, contract);
    }
    int first = firstVisible(in);
    if (first == ByteSource.END && bytesOf(in) == 0) {
      throw MillraceException.caller("Cannot load %s: it is empty".formatted(file));
    }
    if (first == '[') {
      return new ArrayEvents(file, new ByteSource(in));
    }
    boolean json = name.endsWith(".json") || name.endsWith(".ndjson") || name.endsWith(".jsonl");
    if (first == '{' || json) {
      return new LineEvents(new ByteSource(in));
    }
    if (contract.csv().isPresent()) {
      return CsvEvents.open(file, in, contract);
    }
    throw MillraceException.caller(
        "Cannot load %s: it is neither a JSON array nor a JSON object on each line, and stream '%s' takes no CSV"
            .formatted(file, contract.name()));
  }

  private static BufferedInputStream buffered(InputStream in) {
    return new BufferedInputStream(in, PEEK_BYTES);
  }

  private static boolean isGzip(InputStream in) throws IOException {
    byte[] start = peek(in, 2);
    return start.length == 2 && start[0] == (byte) 0x1f && start[1] == (byte) 0x8b;
  }

  private static void skipByteOrderMark(Path file, InputStream in) throws IOException {
    byte[] start = peek(in, 3);
    if (start.length >= 2 && (start[0] & 0xff) + (start[1] & 0xff) == 0xfe + 0xff) {
      throw MillraceException.caller(
          "Cannot load %s: it is UTF-16; save it as UTF-8".formatted(file));
    }
    if (start.length == 3 && start[0] == (byte) 0xef && start[1] == (byte) 0xbb) {
      in.skipNBytes(3);
    }
  }

  private static int firstVisible(InputStream in) throws IOException {
    for (byte value : peek(in, PEEK_BYTES / 2)) {
      if (!ByteSource.isSpace(value)) {
        return value;
      }
    }
    return ByteSource.END;
  }

  private static int bytesOf(InputStream in) throws IOException {
    return peek(in, 1).length;
  }

  private static byte[] peek(InputStream in, int bytes) throws IOException {
    in.mark(bytes);
    byte[] start = in.readNBytes(bytes);
    in.reset();
    return start;
  }

  /**
   * An empty batch for this file's events.
   *
   * @param maxEventBytes the largest event that a request can carry
   * @param maxBytes the largest body of a request
   */
  public Batch newBatch(int maxEventBytes, int maxBytes) {
    return new Batch(events.framing(), maxEventBytes, maxBytes);
  }

  /** Fills the batch with the next events; it stays empty at the end of the file. */
  public void next(Batch batch) {
    batch.clear();
    try {
      carried.ifPresent(batch::put);
      events.fill(batch);
      carried = batch.takeCarried();
      batch.seal();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    }
  }

  private static MillraceException unreadable(Path file, IOException problem) {
    if (problem instanceof EOFException) {
      return MillraceException.caller(
          "Cannot read %s to its end: its gzip is cut off; write the file again".formatted(file),
          problem);
    }
    if (problem instanceof ZipException) {
      return MillraceException.caller(
          "Cannot read %s: its gzip is damaged (%s)".formatted(file, problem.getMessage()),
          problem);
    }
    return MillraceException.world(
        "Cannot read %s: %s".formatted(file, problem.getMessage()), problem);
  }

  /** Bytes of the file that have been read, compressed as they are. */
  public long bytesRead() {
    return bytesRead.get();
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static final class Counted extends FilterInputStream {
    private final AtomicLong bytes;

    Counted(InputStream in, AtomicLong bytes) {
      super(in);
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      throw new UnsupportedOperationException("read by the buffer around it");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      bytes.addAndGet(Math.max(0, read));
      return read;
    }
  }
}
