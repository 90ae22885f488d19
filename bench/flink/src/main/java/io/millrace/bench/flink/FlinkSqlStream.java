package io.millrace.bench.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.Progress;
import io.millrace.bench.StreamTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The work as one would write it in Flink SQL: parse, drop repeats by id for ten minutes, write an
 * Iceberg table by day. It does less than the stream job: no contract but types and required
 * fields, no reasons, no late split, no pseudonyms, no ledger. With a {@link StreamTask}.
 */
public final class FlinkSqlStream {

  private static final int CORES = 2;

  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "event_id", Types.StringType.get()),
          NestedField.required(2, "event_type", Types.StringType.get()),
          NestedField.required(3, "event_time", Types.TimestampType.withZone()),
          NestedField.required(4, "visitor_id", Types.StringType.get()),
          NestedField.optional(5, "user_id", Types.StringType.get()),
          NestedField.required(6, "session_id", Types.StringType.get()),
          NestedField.required(7, "ip", Types.StringType.get()),
          NestedField.required(8, "user_agent", Types.StringType.get()),
          NestedField.required(9, "device", Types.StringType.get()),
          NestedField.required(10, "country", Types.StringType.get()),
          NestedField.optional(11, "language", Types.StringType.get()),
          NestedField.required(12, "page_url", Types.StringType.get()),
          NestedField.optional(13, "referrer", Types.StringType.get()),
          NestedField.optional(14, "load_ms", Types.IntegerType.get()),
          NestedField.required(15, "consent", Types.BooleanType.get()),
          NestedField.optional(16, "query", Types.StringType.get()),
          NestedField.optional(17, "results", Types.IntegerType.get()),
          NestedField.optional(
              18,
              "item",
              Types.StructType.of(
                  NestedField.optional(19, "product_id", Types.StringType.get()),
                  NestedField.optional(20, "category", Types.StringType.get()),
                  NestedField.optional(21, "price", Types.DecimalType.of(12, 2)),
                  NestedField.optional(22, "quantity", Types.IntegerType.get()))),
          NestedField.optional(23, "order_id", Types.StringType.get()));

  private FlinkSqlStream() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    String warehouse = task.folder().resolve("lake").toUri().toString();
    HadoopCatalog catalog =
        new HadoopCatalog(new org.apache.hadoop.conf.Configuration(), warehouse);
    Table table =
        catalog.createTable(
            TableIdentifier.of("bronze", "clicks"),
            SCHEMA,
            PartitionSpec.builderFor(SCHEMA).day("event_time").build(),
            Map.of(
                "format-version", "2",
                "write.parquet.compression-codec", "zstd",
                // Rows of a day are left where they are: a shuffle by day would use one core.
                "write.distribution-mode", "none"));
    TableResult job = insert(task.folder(), task.kafka(), warehouse);
    Progress progress = task.progress();
    Set<Long> seen = new HashSet<>();
    while (progress.goesOn()) {
      table.refresh();
      StreamSupport.stream(table.snapshots().spliterator(), false)
          .sorted(Comparator.comparing(Snapshot::sequenceNumber))
          .filter(it -> seen.add(it.snapshotId()))
          .forEach(it -> progress.add(it.timestampMillis(), events(it, task)));
    }
    task.report(progress);
    job.getJobClient().orElseThrow().cancel().get();
    System.exit(0); // Flink leaves threads behind
  }

  /** How many events the rows of a snapshot are of. */
  private static long events(Snapshot snapshot, StreamTask task) {
    return (long) (Long.parseLong(snapshot.summary().get("total-records")) / task.accepted());
  }

  private static TableResult insert(Path folder, String kafka, String warehouse)
      throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(5));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(
            StreamExecutionEnvironment.createLocalEnvironment(CORES, configuration));
    tables.getConfig().setIdleStateRetention(Duration.ofMinutes(10));
    Optional<TableResult> last = Optional.empty();
    String sql;
    try (InputStream file = FlinkSqlStream.class.getResourceAsStream("stream.sql")) {
      sql = new String(file.readAllBytes(), UTF_8);
    }
    for (String statement :
        sql.replace("${kafka}", kafka).replace("${warehouse}", warehouse).split(";\\s*\n", -1)) {
      last = statement.isBlank() ? last : Optional.of(tables.executeSql(statement));
    }
    return last.orElseThrow();
  }
}
