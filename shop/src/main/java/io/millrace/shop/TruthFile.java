package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import io.millrace.core.MillraceException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of JSON lines: what must become of each event that is added, and the truth at its end. */
public final class TruthFile implements AutoCloseable {

  private final Path file;
  private final OutputStream out;
  private final JsonBytes line = new JsonBytes();

  public TruthFile(Path file) {
    this.file = file;
    try {
      out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Adds a line such as {@code {"event_id":"...","stream":"clicks","fate":"fresh"}}. */
  public void add(ShopEvent event) {
    line.clear().put(ascii("{\"event_id\":\"")).uuid(event.idHigh(), event.idLow());
    line.put(ascii("\",\"stream\":\"")).put(ascii(event.stream().toString()));
    line.put(ascii("\",\"fate\":\"")).put(ascii(event.fate().toString()));
    if (event.flaw() != Flaw.NONE) {
      line.put(ascii("\",\"flaw\":\"")).put(ascii(event.flaw().toString()));
    }
    write(line.put(ascii("\"}\n")).toBytes());
  }

  /** Adds the last line, which {@link Truth#read} reads. */
  public void end(Truth truth) {
    write((truth.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private MillraceException unwritable(IOException cause) {
    return MillraceException.world(
        "Cannot write truth file '%s': %s".formatted(file, cause.getMessage()), cause);
  }
}
