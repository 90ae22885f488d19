package io.millrace.bench.spark;

import io.millrace.bench.FileLists;
import io.millrace.bench.ModelRows;
import io.millrace.bench.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The models as Spark's SQL: each SELECT is written to a table of Iceberg, and read from there by
 * the next. For one more day, the two models that are built by month write that month, and the
 * others are written anew. Nothing is tested. {@code SparkModels FOLDER PROJECT LISTS}.
 */
public final class SparkModels {

  private final SparkSession spark;
  private final Path project;

  private SparkModels(SparkSession spark, Path project) {
    this.spark = spark;
    this.project = project;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path lists = Path.of(args[2]);
    SparkSession spark = Sessions.open(folder);
    spark.sql("CREATE NAMESPACE lake.full");
    spark.sql("CREATE NAMESPACE lake.day");
    SparkModels models = new SparkModels(spark, Path.of(args[1]));
    models.views(lists.resolve("before.iceberg"));
    double full = models.build("full");
    models.views(lists.resolve("after.iceberg"));
    double day = models.build("day");
    List<String> described = new ArrayList<>();
    for (String model : ModelRows.MODELS) {
      described.add(spark.sql(view(ModelRows.describe(model))).first().getString(0));
    }
    Files.writeString(
        folder.resolve("made"),
        ModelRows.made(described.stream().map(it -> it.replace("__", "."))));
    Report.end(Map.of("models-full", full, "models-day", day));
    spark.stop();
    System.exit(0);
  }

  /** Views have one name in Spark: {@code silver__invoices}. */
  private static String view(String sql) {
    return sql.replaceAll("\\b(bronze|quarantine|silver|gold)\\.([a-z_]+)", "$1__$2");
  }

  private void views(Path list) throws IOException {
    for (var table : FileLists.read(list).entrySet()) {
      spark
          .read()
          .format("iceberg")
          .load(table.getValue().get(0))
          .createOrReplaceTempView(view(table.getKey()));
    }
    // Of history nothing is late.
    spark
        .table("bronze__invoice_lines")
        .where("false")
        .createOrReplaceTempView("quarantine__invoice_lines_late");
  }

  private double build(String when) throws IOException {
    long began = System.nanoTime();
    for (String model : ModelRows.MODELS) {
      String sql =
          Files.readString(project.resolve("models").resolve(model.replace('.', '/') + ".sql"));
      boolean month = when.equals("day") && ModelRows.isByMonth(model);
      String select = month ? ModelRows.ofMonth(model, sql) : sql;
      spark
          .sql(view(dialect(select)))
          .writeTo(table(model, when))
          .using("iceberg")
          .tableProperty("write.parquet.compression-codec", "zstd")
          .createOrReplace();
      Dataset<Row> rows = spark.table(table(model, when));
      if (month) {
        rows = spark.table(table(model, "full")).where(ModelRows.EARLIER).union(rows);
      }
      rows.createOrReplaceTempView(view(model));
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static String table(String model, String when) {
    return "lake." + when + "." + view(model);
  }

  /** What Spark spells otherwise. */
  private static String dialect(String sql) {
    return sql.replace("FILTER (", "FILTER (WHERE ")
        .replace("starts_with(", "startswith(")
        .replace("regexp_matches(", "regexp_like(")
        .replace("'\\s+', ' ', 'g')", "'\\\\s+', ' ')")
        .replace(
            "CAST(invoice_time AT TIME ZONE 'Europe/London' AS DATE)",
            "to_date(from_utc_timestamp(invoice_time, 'Europe/London'))")
        .replace("JOIN silver.products USING", "JOIN silver.products AS products USING")
        .replace("unnest([", "explode(array(")
        .replace("]) AS dirt", ")) AS dirt");
  }
}
