package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file of JSON lines: what must become of each event that is added, and the truth at its end. */
public final class TruthFile implements AutoCloseable {

  private final OutFile out;
  private final JsonBytes line = new JsonBytes();

  public TruthFile(Path file) {
    out = new OutFile("truth file", file);
  }

  /** Adds a line such as {@code {"event_id":"...","stream":"clicks","fate":"fresh"}}. */
  public void add(ShopEvent event) {
    line.clear().put(ascii("{\"event_id\":\"")).uuid(event.idHigh(), event.idLow());
    line.put(ascii("\",\"stream\":\"")).put(ascii(event.stream().toString()));
    line.put(ascii("\",\"fate\":\"")).put(ascii(event.fate().toString()));
    if (event.flaw() != Flaw.NONE) {
      line.put(ascii("\",\"flaw\":\"")).put(ascii(event.flaw().toString()));
    }
    out.write(line.put(ascii("\"}\n")).toBytes());
  }

  /** Adds the last line, which {@link Truth#read} reads. */
  public void end(Truth truth) {
    out.write((truth.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    out.close();
  }
}
