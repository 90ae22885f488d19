package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.testkit.Broker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job on a Flink cluster, a Kafka of three brokers, and tables and checkpoints in buckets;
 * processes of the first two are killed.
 */
@Tag("slow")
class ClusterIT {

  private static final int BATCH = 200;
  private static final int MORE = 2_000;

  @TempDir Path directory;
  private DataDirectory data;
  private Path project;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void nothingIsLostAndNothingIsTwiceWhenATaskManagerABrokerAndTheJobManagerDie() throws Exception {
    List<Broker> brokers = Broker.cluster(Files.createDirectory(directory.resolve("kafka")), 3);
    data = new DataDirectory(directory.resolve("data"));
    ObjectStore store = ObjectStore.start(Files.createDirectory(directory.resolve("s3")));
    project =
        SmallShop.in(
            directory.resolve("shop"),
            "settings:\n  warehouse: s3://lake\n  warehouse_endpoint: %s\n  checkpoints: s3://checkpoints/small\n  kafka: %s\n  flink: cluster\n  commit_interval: 1s\n"
                .formatted(
                    store.endpoint(),
                    brokers.stream()
                        .map(Broker::bootstrapServers)
                        .collect(Collectors.joining(","))));
    List<String> variables = ObjectStore.credentials();
    try (store;
        StandaloneFlink flink = StandaloneFlink.start(directory.resolve("flink"), 2, store);
        Command up = Command.startWith(variables, data, "up", project.toString())) {
      refuseAnotherBucket(up, flink);
      deploy(up, flink);
      long sent = loseOneOfEach(up, flink, brokers);
      assertProven(up, sent);
      compact(up);
      deployAgain(up, flink);
      assertProven(up, sent + BATCH);
      assertThat(store.objects("checkpoints")).isPositive();
      assertThat(data.checkpoints()).doesNotExist();
    } finally {
      brokers.forEach(Broker::close);
    }
  }

  /** One that is not there is found out before a job is handed over. */
  private void refuseAnotherBucket(Command up, StandaloneFlink flink) throws Exception {
    await("server").atMost(Command.PATIENCE).until(() -> up.get("/health").isPresent());
    Path settings = project.resolve("millrace.yaml");
    String written = Files.readString(settings);
    Files.writeString(settings, written.replace("s3://checkpoints/", "s3://nowhere/"));
    assertThat(run(3, "deploy", "stream", "--to", flink.url()))
        .contains("Cannot list s3://nowhere/small/")
        .contains("; see whether its bucket exists");
    assertThat(Deployment.find(data.deployment())).isEmpty();
    Files.writeString(settings, written);
  }

  private void deploy(Command up, StandaloneFlink flink) throws Exception {
    await("said").atMost(Command.PATIENCE).until(() -> up.output().contains("on no Flink cluster"));
    assertThat(up.get("/health").orElseThrow().get("ready").asBoolean()).isFalse();

    assertThat(run(0, "deploy", "stream", "--to", flink.url()))
        .contains("The stream runs on " + flink.url())
        .contains("went on from the end of the ledger");
    up.awaitReady();

    assertThat(flink.freeSlots()).isEqualTo(2 * StandaloneFlink.SLOTS - 2);
    assertThat(run(2, "deploy", "stream", "--to", flink.url()))
        .contains("a job named 'millrace.small' runs on " + flink.url() + " already");
  }

  /** Kills while events come in without a pause, and says how many came. */
  private long loseOneOfEach(Command up, StandaloneFlink flink, List<Broker> brokers)
      throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Long> load =
        CompletableFuture.supplyAsync(
            () -> {
              long sent = 0;
              while (!enough.get()) {
                up.post("sales", SmallShop.sales(BATCH));
                sent += BATCH;
              }
              return sent;
            });
    awaitMoreRows(up);
    String job = Deployment.find(data.deployment()).orElseThrow().job();
    // Where the only task runs that writes to tables and the ledger.
    flink.kill(flink.taskManagerOf(job, "commits"));
    await("restart").atMost(Command.PATIENCE).until(() -> up.state("stream").restarts() > 0);
    awaitMoreRows(up);
    brokers.get(0).kill();
    awaitMoreRows(up);
    loseTheJobManager(up, flink);
    awaitMoreRows(up);
    enough.set(true);
    return load.get();
  }

  /** It is alone, and knows nothing of its job when it is started again. */
  private void loseTheJobManager(Command up, StandaloneFlink flink) throws Exception {
    flink.kill(StandaloneFlink.JOB_MANAGER);
    await("said").atMost(Command.PATIENCE).until(() -> up.output().contains("does not answer"));
    flink.startJobManager();
    flink.awaitFree(StandaloneFlink.SLOTS);
    await("said").atMost(Command.PATIENCE).until(() -> up.output().contains("is not known there"));
    assertThat(run(0, "deploy", "stream", "--to", flink.url()))
        .contains("went on from checkpoint ");
  }

  private static void awaitMoreRows(Command up) throws Exception {
    long before = Math.max(0, up.number("SELECT count(*) FROM bronze.sales"));
    await("rows")
        .atMost(Command.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> up.number("SELECT count(*) FROM bronze.sales") >= before + MORE);
  }

  private void assertProven(Command up, long sent) throws Exception {
    JsonNode balance = up.settled("sales");
    assertThat(balance.get("holds").asBoolean()).as(balance.toString()).isTrue();
    assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(sent);
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales")).isEqualTo(sent);
    run(0, "prove", "--full");
  }

  /** Each commit has made a file or two. */
  private void compact(Command up) throws Exception {
    run(0, "upkeep");
    long commits =
        up.number("SELECT count(DISTINCT sequence) FROM ops.commits WHERE stream = 'sales'");
    long files = -1;
    for (JsonNode table : up.get("/api/status").orElseThrow().get("tables")) {
      if (table.get("name").asText().equals("bronze.sales")) {
        files = table.get("files").asLong();
      }
    }
    assertThat(files).isBetween(1L, commits - 1);
  }

  private void deployAgain(Command up, StandaloneFlink flink) throws Exception {
    assertThat(run(0, "deploy", "stream", "--stop"))
        .contains("The stream has ended on " + flink.url());
    assertThat(Deployment.find(data.deployment())).isEmpty();
    up.post("sales", SmallShop.sales(BATCH));
    assertThat(run(0, "deploy", "stream", "--to", flink.url()))
        .contains("went on from checkpoint ");
  }

  private String run(int exit, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--project", project.toString()));
    try (Command command =
        Command.clientWith(ObjectStore.credentials(), data, all.toArray(String[]::new))) {
      assertThat(command.exitCode()).as(command.output()).isEqualTo(exit);
      return command.output();
    }
  }
}
