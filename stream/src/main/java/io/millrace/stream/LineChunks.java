package io.millrace.stream;

import io.millrace.core.MillraceException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Files cut into chunks of whole lines, in their order; each also compressed with gzip. Hands a
 * chunk to whichever thread asks.
 */
final class LineChunks implements Closeable {

  /** What is behind this in a line is not kept; no setting accepts an event of this size. */
  static final int MAX_LINE_BYTES = (16 << 20) + (64 << 10);

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final List<Path> files;
  private final List<String> digests = new ArrayList<>();

  /** Read of all files, as they are on disk. */
  private long bytesRead;

  private long chunks;
  private Source source;

  /** What was read behind the last whole line. */
  private byte[] rest = new byte[0];

  private int restLength;

  LineChunks(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** Fills a chunk with the next lines; false at the end of the last file. */
  synchronized boolean next(Chunk chunk) {
    while (source != null || digests.size() < files.size()) {
      Path file = files.get(digests.size());
      try {
        if (fill(file, chunk)) {
          return true;
        }
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return false;
  }

  private boolean fill(Path file, Chunk chunk) throws IOException {
    boolean begins = source == null;
    if (begins) {
      source = new Source(Files.newInputStream(file));
    }
    if (chunk.bytes.length < restLength) {
      // The thread before had met a long line, and this one has not.
      chunk.bytes = new byte[rest.length];
    }
    chunk.length = restLength;
    System.arraycopy(rest, 0, chunk.bytes, 0, restLength);
    restLength = 0;
    int end = readLines(chunk);
    if (begins) {
      end = begin(file, chunk, end);
    }
    if (chunk.length == 0) {
      digests.add(source.end());
      source.close();
      source = null;
      return false;
    }
    keepRest(chunk, end);
    chunk.file = digests.size();
    chunk.number = chunks++;
    return true;
  }

  /** Reads until there is a whole line; returns where the last one ends. */
  private int readLines(Chunk chunk) throws IOException {
    while (true) {
      boolean ended = !source.fill(chunk);
      int end = lastNewline(chunk) + 1;
      if (ended) {
        return chunk.length;
      }
      if (end > 0) {
        return end;
      }
      if (chunk.length >= MAX_LINE_BYTES) {
        source.skipLine();
        return chunk.length;
      }
      chunk.bytes = Arrays.copyOf(chunk.bytes, Math.min(2 * chunk.bytes.length, MAX_LINE_BYTES));
    }
  }

  private static int lastNewline(Chunk chunk) {
    int at = chunk.length - 1;
    while (at >= 0 && chunk.bytes[at] != '\n') {
      at--;
    }
    return at;
  }

  private void keepRest(Chunk chunk, int end) {
    restLength = chunk.length - end;
    if (rest.length < restLength) {
      rest = new byte[chunk.bytes.length];
    }
    System.arraycopy(chunk.bytes, end, rest, 0, restLength);
    chunk.length = end;
  }

  /** Takes away the byte order mark, and refuses what is no file of lines. */
  private static int begin(Path file, Chunk chunk, int end) {
    byte[] bytes = chunk.bytes;
    if (chunk.length >= 2 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xfe + 0xff) {
      throw MillraceException.caller(
          "Cannot load %s: it is UTF-16; save it as UTF-8".formatted(file));
    }
    int mark = BYTE_ORDER_MARK.length;
    boolean marked =
        chunk.length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark);
    if (marked) {
      System.arraycopy(bytes, mark, bytes, 0, chunk.length - mark);
      chunk.length -= mark;
    }
    int first = 0;
    while (first < chunk.length && bytes[first] >= 0 && bytes[first] <= ' ') {
      first++;
    }
    if (first < chunk.length && bytes[first] == '[') {
      throw MillraceException.caller(
          "Cannot load %s in bulk: it is a JSON array, and not an event on each line; load it without --bulk"
              .formatted(file));
    }
    return marked ? end - mark : end;
  }

  private static MillraceException unreadable(Path file, IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return MillraceException.caller("Cannot load %s: it is gone".formatted(file), problem);
    }
    if (problem instanceof EOFException || problem instanceof ZipException) {
      return MillraceException.caller(
          "Cannot load %s: its gzip is damaged (%s); nothing was loaded"
              .formatted(file, problem.getMessage()),
          problem);
    }
    return MillraceException.world(
        "Cannot read %s: %s".formatted(file, problem.getMessage()), problem);
  }

  synchronized long bytesRead() {
    return bytesRead;
  }

  /** SHA-256 of each file's bytes, once all have been read. */
  synchronized List<String> digests() {
    return List.copyOf(digests);
  }

  @Override
  public synchronized void close() {
    if (source != null) {
      try {
        source.close();
      } catch (IOException e) {
        throw MillraceException.world("Cannot close a file: " + e.getMessage(), e);
      }
    }
  }

  /** One file, as its bytes are read and as they are meant. */
  private final class Source implements Closeable {
    private final FileDigest digest = new FileDigest();
    private final InputStream raw;
    private final InputStream lines;

    Source(InputStream file) throws IOException {
      raw = new Digested(file);
      InputStream peeked = new BufferedInputStream(raw, 1 << 16);
      peeked.mark(2);
      byte[] start = peeked.readNBytes(2);
      peeked.reset();
      boolean gzip = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
      lines = gzip ? new GZIPInputStream(peeked, 1 << 16) : peeked;
    }

    /** Reads until the chunk is full; false if the file has ended before. */
    boolean fill(Chunk chunk) throws IOException {
      while (chunk.length < chunk.bytes.length) {
        int read = lines.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
        if (read < 0) {
          return false;
        }
        chunk.length += read;
      }
      return true;
    }

    void skipLine() throws IOException {
      int at = lines.read();
      while (at >= 0 && at != '\n') {
        at = lines.read();
      }
    }

    String end() throws IOException {
      raw.transferTo(OutputStream.nullOutputStream());
      return digest.hex();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }

    private final class Digested extends FilterInputStream {
      Digested(InputStream file) {
        super(file);
      }

      @Override
      public int read() {
        throw new UnsupportedOperationException("read by the buffer around it");
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        if (read > 0) {
          digest.add(into, offset, read);
          bytesRead += read;
        }
        return read;
      }
    }
  }
}
