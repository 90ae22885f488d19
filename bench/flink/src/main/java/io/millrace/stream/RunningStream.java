package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The stream process as it ships, in this JVM, and the ledger by which it is timed. */
final class RunningStream implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Project project;
  private final String kafka;
  private final JobClient job;
  private final CompletableFuture<JobExecutionResult> end;
  private final Ledger ledger;

  private RunningStream(Project project, String kafka, JobClient job, Ledger ledger) {
    this.project = project;
    this.kafka = kafka;
    this.job = job;
    this.end = job.getJobExecutionResult();
    this.ledger = ledger;
  }

  /** Starts it on a data directory that is empty. */
  static RunningStream start(Project project, DataDirectory data, String kafka) throws Exception {
    try (Lake lake = Lake.open(data)) {
      project.streams().values().forEach(lake::prepare);
    }
    PersonalKey.of(data); // as `millrace up` makes it before any process needs it
    JobClient job =
        StreamMain.environment(project, data, kafka).executeAsync(StreamJob.name(project));
    return new RunningStream(project, kafka, job, Ledger.open(data.metadata()));
  }

  Ledger ledger() {
    return ledger;
  }

  /**
   * Waits until it has committed all that is on the topics of accepted events.
   *
   * @return how much that is, by partition
   */
  Map<Ledger.TopicPartition, Long> awaitEnds() throws ExecutionException, InterruptedException {
    Map<Ledger.TopicPartition, Long> ends = ends();
    Instant giveUp = Instant.now().plus(PATIENCE);
    for (StreamContract contract : project.streams().values()) {
      Map<Ledger.TopicPartition, Long> wanted = new HashMap<>(ends);
      wanted.keySet().removeIf(it -> !it.topic().equals(contract.topic()));
      while (!ledger.ends(contract.name()).entrySet().containsAll(wanted.entrySet())) {
        if (end.isDone()) {
          end.get(); // says why it failed
        }
        if (Instant.now().isAfter(giveUp)) {
          throw new IllegalStateException(
              "Cannot measure: %s is not at its end after %s"
                  .formatted(contract.topic(), PATIENCE));
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    }
    return ends;
  }

  private Map<Ledger.TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
    List<String> topics = project.streams().values().stream().map(StreamContract::topic).toList();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get()
          .forEach(
              (name, topic) ->
                  topic
                      .partitions()
                      .forEach(
                          it ->
                              latest.put(
                                  new TopicPartition(name, it.partition()), OffsetSpec.latest())));
      Map<Ledger.TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest)
          .all()
          .get()
          .forEach(
              (at, found) ->
                  ends.put(new Ledger.TopicPartition(at.topic(), at.partition()), found.offset()));
      ends.values().removeIf(it -> it == 0);
      return ends;
    }
  }

  @Override
  public void close() {
    ledger.close();
    job.cancel().join();
  }
}
