package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import java.time.Duration;

/** Settings that each are fine, and together would lose events or count them twice. */
final class SafetyChecks {

  /** How often a commit may fail before the stream job starts again. */
  private static final int COMMITS_TRIED = 10;

  private SafetyChecks() {}

  /** What {@code millrace.yaml} says. */
  static void check(Settings settings, int line, Flaws flaws) {
    Duration committed = settings.commitInterval().multipliedBy(COMMITS_TRIED);
    requireCommitted("topic_retention", settings.topicRetention(), committed, line, flaws);
    requireCommitted("personal_retention", settings.personalRetention(), committed, line, flaws);
    if (settings.kafka().isPresent() && settings.durability() != Durability.PROCESS) {
      flaws.add(
          line,
          "durability is of the embedded broker, and 'kafka' names an external one",
          "take it out; there, replication decides what survives");
    }
    if (settings.warehouseEndpoint().isPresent()
        && settings.warehouse().isEmpty()
        && settings.checkpoints().isEmpty()) {
      flaws.add(
          line,
          "warehouse_endpoint is of a warehouse behind an S3 API, and there is none",
          "name its place with 'warehouse', or take it out");
    }
    if (settings.checkpoints().isPresent() && settings.flink() != Flink.CLUSTER) {
      flaws.add(
          line,
          "checkpoints in a bucket are those of a job on a Flink cluster, and millrace up runs the job itself, with checkpoints in the data directory",
          "say 'flink: cluster', or take out 'checkpoints'");
    }
    if (settings.kafka().isEmpty() && settings.flink() == Flink.CLUSTER) {
      flaws.add(
          line,
          "the embedded broker ends with millrace up, and a job on a Flink cluster runs on",
          "name the servers of a Kafka with 'kafka', or take out 'flink: cluster'");
    }
  }

  private static void requireCommitted(
      String key, Duration kept, Duration committed, int line, Flaws flaws) {
    if (kept.compareTo(committed) < 0) {
      flaws.add(
          line,
          "topics keep events for %s, and the stream may take %s to commit them (%d times commit_interval): what is gone by then is lost"
              .formatted(words(kept), words(committed), COMMITS_TRIED),
          "make %s longer, or commit_interval shorter".formatted(key));
    }
  }

  /** What a contract says. */
  static void check(StreamContract contract, int line, Flaws flaws) {
    if (contract.repeatWindow().compareTo(Settings.CONFIRMATION.multipliedBy(2)) < 0) {
      flaws.add(
          line,
          "an event id is remembered for %s, and a producer may wait %s for an answer before it sends again: the event would count twice"
              .formatted(words(contract.repeatWindow()), words(Settings.CONFIRMATION)),
          "make repeat_window at least " + words(Settings.CONFIRMATION.multipliedBy(2)));
    }
  }

  private static String words(Duration time) {
    return time.toSeconds() % 3600 == 0 ? time.toHours() + "h" : time.toSeconds() + "s";
  }
}
