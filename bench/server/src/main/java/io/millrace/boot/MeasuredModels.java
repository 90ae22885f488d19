package io.millrace.boot;

import io.millrace.bench.ModelRows;
import io.millrace.bench.Report;
import io.millrace.bench.Scrap;
import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.schedule.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The wholesaler's models, built as the server builds them. {@code MeasuredModels FOLDER WHAT
 * PROJECT DATA LISTS COMING LOAD...}, where LOAD is the command that loads a folder. What the lake
 * reads is listed before and after a coming day, for others to read the same.
 */
final class MeasuredModels {

  /** Models that are built for what is new. */
  private static final List<TableName> BY_CHANGE =
      tables(
          "silver.invoice_lines", "silver.invoices", "gold.invoices_daily", "gold.customer_value");

  private static final TableName CODES = TableName.parse("silver.special_codes");

  /** What views over the models read besides: it has to be there, and is not measured. */
  private static final List<TableName> BESIDE =
      tables("silver.product_words", "silver.product_families");

  private MeasuredModels() {}

  private static List<TableName> tables(String... names) {
    return Stream.of(names).map(TableName::parse).toList();
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    String what = args[1];
    Path lists = Path.of(args[4]);
    Map<String, Double> figures = new LinkedHashMap<>();
    try (OpenWarehouse house =
        new OpenWarehouse(Path.of(args[2]), new DataDirectory(Path.of(args[3])))) {
      List<TableName> all =
          new ArrayList<>(ModelRows.MODELS.stream().map(TableName::parse).toList());
      all.add(CODES);
      if (what.equals("build")) {
        all.addAll(BESIDE);
      }
      Request due = Request.of(all, "a benchmark");
      if (!what.equals("day")) {
        figures.put("models-full", house.build(what.equals("all") ? due.full() : due));
      }
      if (!what.equals("build")) {
        house.list(lists.resolve("before"), false);
        load(Path.of(args[5]), List.of(args).subList(6, args.length));
        house.list(lists.resolve("after"), false);
        double byChange = house.build(Request.of(BY_CHANGE, "a benchmark"));
        figures.put("models-growth", byChange);
        figures.put("models-day", byChange + house.build(due));
        Files.writeString(
            folder.resolve("made"),
            ModelRows.made(
                ModelRows.MODELS.stream().map(it -> house.text(ModelRows.describe(it)))));
      }
      Report.end(figures);
    }
    System.exit(0);
  }

  /** Loads the next day that comes. */
  private static void load(Path coming, List<String> command)
      throws IOException, InterruptedException {
    Path day;
    try (Stream<Path> days = Files.list(coming)) {
      day = days.sorted().findFirst().orElseThrow();
    }
    List<String> words = new ArrayList<>(command);
    words.add(day.toString());
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    process.inputReader().lines().forEach(line -> {});
    if (process.waitFor() != 0) {
      throw new IllegalStateException("Cannot load " + day);
    }
    Scrap.delete(day);
  }
}
