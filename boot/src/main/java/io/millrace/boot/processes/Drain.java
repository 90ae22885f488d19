package io.millrace.boot.processes;

import io.millrace.collect.Topics;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.ContractChange;
import io.millrace.project.Project;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Waits until the stream has committed all that topics hold, while nothing more comes in. */
final class Drain {

  private static final Duration PATIENCE_WITH_KAFKA = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /** Of a stream that keeps up: what is under way, the next commit, and room for both. */
  private static final int COMMITS = 4;

  private static final Duration LEAST = Duration.ofSeconds(30);

  private final Topics topics;
  private final DataDirectory data;
  private final Duration limit;

  Drain(String kafka, Project project, DataDirectory data) {
    Duration commits = project.settings().commitInterval().multipliedBy(COMMITS);
    this.topics = new Topics(kafka, project);
    this.data = data;
    this.limit = commits.compareTo(LEAST) < 0 ? LEAST : commits;
  }

  /**
   * @throws MillraceException if the stream is too far behind
   */
  void await(List<ContractChange> changes) throws InterruptedException {
    long giveUp = System.nanoTime() + limit.toNanos();
    for (ContractChange change : changes) {
      String topic = change.wanted().topic();
      Map<Integer, Long> ends = topics.ends(topic, PATIENCE_WITH_KAFKA);
      while (!isCommitted(change.stream(), topic, ends)) {
        if (System.nanoTime() > giveUp) {
          throw MillraceException.world(
              "Cannot apply: after %d s the stream has not committed all events of '%s' that the accepted contract let in, and the new one cannot read them; try again when it has caught up"
                  .formatted(limit.toSeconds(), change.stream()));
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    }
  }

  private boolean isCommitted(String stream, String topic, Map<Integer, Long> ends) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      Map<TopicPartition, Long> committed = ledger.ends(stream);
      return ends.entrySet().stream()
          .allMatch(
              end ->
                  committed.getOrDefault(new TopicPartition(topic, end.getKey()), 0L)
                      >= end.getValue());
    }
  }
}
