package io.millrace.bench.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.days;
import static org.apache.spark.sql.functions.from_json;

import io.millrace.bench.Progress;
import io.millrace.bench.StreamTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The work as one would write it in Spark Structured Streaming: parse, drop repeats by id within
 * ten minutes, write an Iceberg table by day. It does less than the stream job: no contract but
 * types and required fields, no reasons, no late split, no pseudonyms, no ledger. With a {@link
 * StreamTask}.
 */
public final class SparkStream {

  /** Some seconds of work, so that a batch's fixed cost counts little. */
  private static final String EVENTS_IN_A_BATCH = "500000";

  private SparkStream() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    SparkSession spark = Sessions.open(task.folder());
    StreamingQuery query = start(spark, task.folder(), task.kafka());
    Progress progress = task.progress();
    long batches = -1;
    long read = 0;
    while (progress.goesOn()) {
      for (StreamingQueryProgress it : query.recentProgress()) {
        if (it.batchId() > batches && it.numInputRows() > 0) {
          batches = it.batchId();
          read += it.numInputRows();
          progress.add(System.nanoTime() / 1_000_000, read);
        }
      }
      if (query.exception().isDefined()) {
        throw query.exception().get();
      }
    }
    task.report(progress);
    query.stop();
    spark.stop();
    System.exit(0);
  }

  private static StreamingQuery start(SparkSession spark, Path folder, String kafka)
      throws Exception {
    Dataset<Row> clicks =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", kafka)
            .option("subscribe", "clicks")
            .option("startingOffsets", "earliest")
            .option("maxOffsetsPerTrigger", EVENTS_IN_A_BATCH)
            .load()
            .select(
                from_json(col("value").cast("string"), Clicks.SCHEMA, Map.of("mode", "PERMISSIVE"))
                    .as("click"))
            .select("click.*")
            .na()
            .drop(Clicks.REQUIRED)
            .withWatermark("event_time", "10 minutes")
            .dropDuplicatesWithinWatermark(new String[] {"event_id"});
    spark.sql("CREATE NAMESPACE lake.bronze");
    spark
        .createDataFrame(List.of(), Clicks.SCHEMA)
        .writeTo("lake.bronze.clicks")
        .using("iceberg")
        .tableProperty("write.parquet.compression-codec", "zstd")
        .tableProperty("write.distribution-mode", "none")
        .partitionedBy(days(col("event_time")))
        .create();
    return clicks
        .writeStream()
        .format("iceberg")
        .outputMode("append")
        .trigger(Trigger.ProcessingTime(0))
        .option("checkpointLocation", folder.resolve("checkpoints").toUri().toString())
        .option("fanout-enabled", "true")
        .toTable("lake.bronze.clicks");
  }
}
