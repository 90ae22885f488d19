package io.millrace.boot;

import io.millrace.collect.Topics;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.lake.Erasures;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** How far the stream has come with its topics, and how much of these there is. */
final class StreamPosition {

  private static final Duration PATIENCE_WITH_KAFKA = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /** What is under way, the next commit, and room for both. */
  private static final int COMMITS = 4;

  private static final Duration LEAST = Duration.ofSeconds(60);

  private final Project project;
  private final DataDirectory data;
  private final Topics topics;
  private final Duration limit;

  StreamPosition(Project project, DataDirectory data, String kafka) {
    Duration commits = project.settings().commitInterval().multipliedBy(COMMITS);
    this.project = project;
    this.data = data;
    this.topics = new Topics(kafka, project);
    this.limit = commits.compareTo(LEAST) < 0 ? LEAST : commits;
  }

  /** Where the topics of some streams end, those of rejected events included. */
  Map<TopicPartition, Long> ends(List<StreamContract> streams) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (StreamContract stream : streams) {
      for (String topic : List.of(stream.topic(), stream.rejectedTopic())) {
        topics
            .ends(topic, PATIENCE_WITH_KAFKA)
            .forEach((partition, end) -> ends.put(new TopicPartition(topic, partition), end));
      }
    }
    return ends;
  }

  /** Where the topics of live rows end, of those of some streams that have any. */
  Map<TopicPartition, Long> liveEnds(List<StreamContract> streams) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (StreamContract stream : streams) {
      if (stream.live().isPresent()) {
        topics
            .ends(stream.liveTopic(), PATIENCE_WITH_KAFKA)
            .forEach(
                (partition, end) ->
                    ends.put(new TopicPartition(stream.liveTopic(), partition), end));
      }
    }
    return ends;
  }

  /**
   * Waits until the stream goes by an erasure, and has committed all that it took before.
   *
   * @return offsets, of all that some streams have, below which it has committed everything
   */
  Map<TopicPartition, Long> awaitPast(long erasure, Erasures book, List<StreamContract> streams) {
    await(
        () -> book.isNoticed(erasure, project.settings().streamParallelism()),
        "the stream does not take notice");
    Map<TopicPartition, Long> ends = ends(streams);
    for (StreamContract stream : streams) {
      await(
          () -> isCommitted(stream, ends),
          "the stream has not committed what came before of '%s'".formatted(stream.name()));
    }
    return ends;
  }

  private boolean isCommitted(StreamContract stream, Map<TopicPartition, Long> ends) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      Map<TopicPartition, Long> committed = ledger.ends(stream.name());
      return ends.entrySet().stream()
          .filter(end -> isOf(stream, end.getKey()))
          .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
  }

  private static boolean isOf(StreamContract stream, TopicPartition key) {
    return key.topic().equals(stream.topic()) || key.topic().equals(stream.rejectedTopic());
  }

  private void await(BooleanSupplier done, String otherwise) {
    long giveUp = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > giveUp) {
        throw MillraceException.world(
            "Cannot erase: after %d s %s; look at millrace status, and run it again"
                .formatted(limit.toSeconds(), otherwise));
      }
      try {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw MillraceException.world("Cannot erase: interrupted", e);
      }
    }
  }

  /** Makes records go of which everything is committed. */
  void deleteBefore(Map<TopicPartition, Long> ends) {
    Map<String, Map<Integer, Long>> byTopic = new HashMap<>();
    ends.forEach(
        (key, end) ->
            byTopic.computeIfAbsent(key.topic(), it -> new HashMap<>()).put(key.partition(), end));
    byTopic.forEach((topic, begins) -> topics.deleteBefore(topic, begins, PATIENCE_WITH_KAFKA));
  }
}
