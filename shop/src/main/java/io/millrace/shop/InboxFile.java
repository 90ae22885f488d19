package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import java.nio.file.Path;

/**
 * A file of SQL that puts what a shop did into the inbox of its operational database: for psql,
 * which the data between the statements are for. Malformed events stand for nothing and are left
 * out; one that is sent again is in the inbox once.
 */
public final class InboxFile implements AutoCloseable {

  private static final byte[] HEAD =
      ascii(
          """
          -- What the simulated shop did, for the inbox of its operational database. To be run by psql.
          \\set ON_ERROR_STOP on
          CREATE TEMPORARY TABLE sent (stream text, body jsonb);
          COPY sent (stream, body) FROM STDIN;
          """);

  private static final byte[] TAIL =
      ascii(
          """
          \\.
          INSERT INTO inbox.events (stream, body) SELECT stream, body FROM sent ON CONFLICT DO NOTHING;
          DROP TABLE sent;
          ANALYZE inbox.events;
          """);

  private final OutFile out;
  private final JsonBytes line = new JsonBytes();

  public InboxFile(Path file) {
    out = new OutFile("inbox file", file);
    out.write(HEAD);
  }

  public void add(ShopEvent event) {
    if (event.fate() == Fate.MALFORMED) {
      return;
    }
    line.clear().put(ascii(event.stream().toString())).put('\t');
    for (byte one : event.json()) {
      if (one == '\\') {
        line.put('\\');
      }
      line.put((char) one);
    }
    out.write(line.put('\n').toBytes());
  }

  @Override
  public void close() {
    out.write(TAIL);
    out.close();
  }
}
