package io.millrace.bench.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.days;
import static org.apache.spark.sql.functions.length;

import io.millrace.bench.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * The work as one would write it in Spark: read, drop what lacks a field and repeats of an id,
 * write an Iceberg table by day. It does less than a load: no bounds, no reasons, no quarantine, no
 * pseudonyms, no ledger. {@code SparkBulk FOLDER FILES}. Prints MB/s of JSON.
 */
public final class SparkBulk {

  private SparkBulk() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path files = Path.of(args[1]);
    SparkSession spark = Sessions.open(folder);
    spark.sql("CREATE NAMESPACE lake.bronze");
    long began = System.nanoTime();
    spark
        .read()
        .schema(Clicks.SCHEMA)
        .json(files.toString())
        .na()
        .drop(Clicks.REQUIRED)
        .filter(
            length(col("event_id"))
                .equalTo(36)
                .and(col("event_type").isin((Object[]) Clicks.TYPES))
                .and(col("device").isin("desktop", "mobile", "tablet")))
        .dropDuplicates(new String[] {"event_id"})
        .writeTo("lake.bronze.clicks")
        .using("iceberg")
        .tableProperty("write.parquet.compression-codec", "zstd")
        .tableProperty("write.distribution-mode", "none")
        .tableProperty("write.spark.fanout.enabled", "true")
        .partitionedBy(days(col("event_time")))
        .create();
    double seconds = (System.nanoTime() - began) / 1e9;
    Report.only("bulk", bytes(files) / 1e6 / seconds);
    spark.stop();
    System.exit(0);
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
}
