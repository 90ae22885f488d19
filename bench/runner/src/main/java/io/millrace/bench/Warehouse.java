package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A lake with the lines of a wholesaler's invoices, as many on each day, and its models built. Made
 * once for a folder.
 *
 * <p>The lines are those of the retail pack, over and over, with other invoices and customers. The
 * history ends in the middle of a month, so that the month of the next day is as long whatever the
 * history.
 */
final class Warehouse {

  /** What the pack has. */
  private static final double LINES = 541_909;

  private static final LocalDate NEXT = LocalDate.parse("2011-12-16");
  private static final String MADE = "made";

  /** Copies of this number and more are of days after the history. */
  private static final int NEW_COPIES = 900;

  private final Ground ground;
  private final Path folder;
  private final double lines;
  private final int days;

  /**
   * @param lines in all
   */
  Warehouse(Ground ground, long lines, int days) {
    this.ground = ground;
    this.folder = ground.folder().resolve("warehouse-%d-%d".formatted(lines, days));
    this.lines = lines;
    this.days = days;
  }

  /** Its data directory. */
  Path data() {
    return folder.resolve("data");
  }

  /** Where lists of the lake's files are, for those who do not read Iceberg. */
  Path lists() {
    return folder.resolve("lists");
  }

  /** Where the lines of coming days are, a folder for each. */
  Path coming() {
    return folder.resolve("coming");
  }

  /** Makes what is not there yet. */
  void make() throws IOException {
    Path made = folder.resolve(MADE);
    if (Files.exists(made)) {
      return;
    }
    if (Files.exists(folder)) {
      Scrap.delete(folder);
    }
    Files.createDirectories(lists());
    System.out.printf("Making a warehouse of %,.0f lines in %s%n", lines, folder);
    Path files = Files.createDirectories(folder.resolve("files"));
    int copies = (int) Math.ceil(lines / LINES);
    write(files.resolve("lines.ndjson"), 0, copies, lines, days, "hash(copy, InvoiceNo) % " + days);
    List<String> load = new ArrayList<>(load());
    load.add(files.toString());
    new Rival("load", it -> load).run(folder.resolve("load"));
    new Rival("build", it -> models("build", it)).run(folder.resolve("build"));
    Scrap.delete(files);
    Files.createFile(made);
  }

  /** Makes so many coming days, of which none was loaded. */
  void makeComing(int count) throws IOException {
    if (Files.exists(coming())) {
      Scrap.delete(coming());
    }
    Path loaded = folder.resolve("loaded");
    int next = Files.exists(loaded) ? Integer.parseInt(Files.readString(loaded).strip()) : 0;
    for (int day = next; day < next + count; day++) {
      Path of = Files.createDirectories(coming().resolve("%03d".formatted(day)));
      int copy = NEW_COPIES + day;
      write(
          of.resolve("lines.ndjson"),
          copy,
          copy + 1,
          lines / days,
          days,
          Integer.toString(days + day));
    }
    Files.writeString(loaded, Integer.toString(next + count));
  }

  /** What loads the files of a folder, which is named behind it. */
  private List<String> load() {
    return ground.java(
        Jvm.options("-Xmx1g", Jvm.QUIET),
        StreamContest.PRODUCT,
        "io.millrace.stream.MeasuredLoad",
        data(),
        ground.project(),
        "invoice_lines");
  }

  /**
   * What builds the models as they ship.
   *
   * @param what {@code build} builds what is not built yet, {@code all} builds all again and then
   *     for a coming day, {@code day} only for a coming day
   * @param folder for what it says of them
   */
  List<String> models(String what, Path folder) {
    List<Object> arguments =
        new ArrayList<>(List.of(folder, what, ground.project(), data(), lists(), coming()));
    arguments.addAll(load());
    return ground.java(
        Jvm.options("-Xmx512m", Jvm.QUIET),
        List.of("bench/server/bench-server.jar", StreamContest.RUNNER, "lib/server/*"),
        "io.millrace.boot.MeasuredModels",
        arguments.toArray());
  }

  private void write(Path file, int from, int to, double count, int spread, String day)
      throws IOException {
    String sql =
        resource("invoice_lines.sql")
            .replace("${csv}", ground.project().resolve("data/online-retail.csv.gz").toString())
            .replace("${from}", Integer.toString(from))
            .replace("${to}", Integer.toString(to))
            .replace("${share}", Double.toString(count / (LINES * (to - from))))
            .replace("${day}", day)
            .replace("${start}", NEXT.minusDays(spread).toString())
            .replace("${file}", file.toString());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET temp_directory = '" + folder.resolve("spill") + "'");
      statement.execute("SET memory_limit = '3GB'");
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = Warehouse.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
