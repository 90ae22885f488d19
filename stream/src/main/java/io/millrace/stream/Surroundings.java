package io.millrace.stream;

import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the job needs and others make: the server makes tables and topics. All processes start at
 * once, so the job waits for them, and says what it waits for.
 */
final class Surroundings {

  private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 2_000;
  private static final int KAFKA_TIMEOUT_MS = 10_000;

  private Surroundings() {}

  static void await(Project project, Lake lake, String kafka) throws InterruptedException {
    long pause = FIRST_PAUSE_MS;
    String said = "";
    for (Optional<String> missing = missing(project, lake, kafka);
        missing.isPresent();
        missing = missing(project, lake, kafka)) {
      if (!missing.get().equals(said)) {
        said = missing.get();
        LOG.info("Waiting for {}", said);
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  private static Optional<String> missing(Project project, Lake lake, String kafka)
      throws InterruptedException {
    for (StreamContract contract : project.streams().values()) {
      if (!lake.isPrepared(contract)) {
        return Optional.of("the tables of " + contract.name());
      }
    }
    return missingTopics(project, kafka);
  }

  private static Optional<String> missingTopics(Project project, String kafka)
      throws InterruptedException {
    Set<String> wanted = new TreeSet<>();
    for (StreamContract contract : project.streams().values()) {
      wanted.add(contract.topic());
      wanted.add(contract.rejectedTopic());
      contract.live().ifPresent(field -> wanted.add(contract.liveTopic()));
    }
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MS,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MS / 2);
    try (Admin admin = Admin.create(settings)) {
      Set<String> there =
          new HashSet<>(admin.listTopics().names().get(KAFKA_TIMEOUT_MS, TimeUnit.MILLISECONDS));
      wanted.removeAll(there);
      return wanted.stream().findFirst().map(topic -> "topic " + topic);
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of("Kafka at " + kafka);
    }
  }
}
