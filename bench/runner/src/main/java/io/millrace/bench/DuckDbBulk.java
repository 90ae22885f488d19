package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The work as one statement of DuckDB: parse, drop what lacks a field and repeats of an id, write
 * Parquet. It does less than a load: no bounds, no reasons, no quarantine, no pseudonyms, no
 * ledger, no table but files. {@code DuckDbBulk FOLDER FILES REPEATS}, where REPEATS says whether
 * they are looked for. Prints MB/s of JSON.
 */
public final class DuckDbBulk {

  /** As much as the largest heap of the others. */
  private static final String MEMORY = "3GB";

  private DuckDbBulk() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path files = Path.of(args[1]);
    Path rows = Files.createDirectories(folder.resolve("lake/bronze/clicks/data/duckdb"));
    String sql =
        resource("bulk.sql")
            .replace("${files}", files.resolve("*.ndjson").toString())
            .replace("${rows}", rows.toString())
            .replace("${distinct}", Boolean.parseBoolean(args[2]) ? "DISTINCT ON (event_id)" : "");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit = '" + MEMORY + "'");
      statement.execute("SET temp_directory = '" + folder.resolve("spill") + "'");
      statement.execute("SET TimeZone = 'UTC'");
      long began = System.nanoTime();
      statement.execute(sql);
      double seconds = (System.nanoTime() - began) / 1e9;
      Report.only("bulk", bytes(files) / 1e6 / seconds);
    }
  }

  private static long bytes(Path files) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.list(files)) {
      all = found.toList();
    }
    long bytes = 0;
    for (Path file : all) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = DuckDbBulk.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
