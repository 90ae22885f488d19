package io.millrace.collect;

import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of a project: for each stream one of its events and one, of a single partition, of the
 * events that were rejected at the door; and where live values are kept, one of the rows that were
 * accepted. Making them again changes nothing.
 */
public final class Topics {

  /** Beyond this a record would strain Kafka and its readers, whatever the largest body is. */
  private static final int MAX_KEPT_BYTES = 16 << 20;

  /** What Kafka adds around the largest event: headers, and the frame of a batch. */
  private static final int FRAME_BYTES = 64 << 10;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final String kafka;
  private final Project project;

  public Topics(String kafka, Project project) {
    this.kafka = kafka;
    this.project = project;
  }

  /**
   * Makes the topics that are missing, and gives all of them the project's settings. When it
   * returns, each of their partitions takes records. The number of partitions of a topic is never
   * changed: it decides which partition a key goes to, and so whether the events of a key stay in
   * order.
   *
   * @param within how long to wait for a broker that is still starting
   */
  public void make(Duration within) {
    try (Admin admin = admin(within)) {
      make(admin, admin.listTopics().names().get(), within);
    } catch (ExecutionException e) {
      throw MillraceException.world(
          "Cannot make the topics on Kafka at %s: %s"
              .formatted(kafka, String.valueOf(e.getCause().getMessage())),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot make the topics: interrupted", e);
    }
  }

  /**
   * @param listed topics that a broker has heard of; there may be more
   */
  void make(Admin admin, Set<String> listed, Duration within)
      throws ExecutionException, InterruptedException {
    List<NewTopic> wanted = wanted();
    Set<String> made =
        create(admin, wanted.stream().filter(topic -> !listed.contains(topic.name())).toList());
    List<NewTopic> found = wanted.stream().filter(topic -> !made.contains(topic.name())).toList();
    requirePartitions(admin, found, within);
    configure(admin, found);
    awaitLeaders(admin, wanted, within);
  }

  /** The largest event that can be kept, be it rejected. */
  static int maxKeptBytes(Settings settings) {
    return Math.max(settings.maxEventBytes(), Math.min(settings.maxBodyBytes(), MAX_KEPT_BYTES));
  }

  /** The largest record of any topic: an accepted event's key may be nearly all of the event. */
  static int maxRecordBytes(Settings settings) {
    return Math.max(maxAcceptedBytes(settings), maxKeptBytes(settings) + FRAME_BYTES);
  }

  private static int maxAcceptedBytes(Settings settings) {
    return 2 * settings.maxEventBytes() + FRAME_BYTES;
  }

  private List<NewTopic> wanted() {
    Settings settings = project.settings();
    List<NewTopic> topics = new ArrayList<>();
    for (StreamContract stream : project.streams().values()) {
      topics.add(
          topic(stream, stream.topic(), stream.topicPartitions(), maxAcceptedBytes(settings)));
      topics.add(topic(stream, stream.rejectedTopic(), 1, maxRecordBytes(settings)));
      if (stream.live().isPresent()) {
        topics.add(
            topic(
                stream, stream.liveTopic(), stream.topicPartitions(), settings.maxLiveRowBytes()));
      }
    }
    return topics;
  }

  private NewTopic topic(StreamContract stream, String name, int partitions, int maxRecordBytes) {
    long retention = project.settings().retention(stream).toMillis();
    return new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(
            Map.of(
                // Repeats are told by the broker's clock, which no producer can set.
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime",
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention),
                // What is being written is not deleted, so it must not grow for longer than that.
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(retention / 4),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxRecordBytes)));
  }

  /** Where the records of each partition of a topic end: the offset after the last one. */
  public SortedMap<Integer, Long> ends(String topic, Duration within) {
    try (Admin admin = admin(within);
        LastRecords records = new LastRecords(kafka, within)) {
      List<TopicPartition> partitions =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .get(topic)
              .partitions()
              .stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      Map<TopicPartition, Long> begins = offsets(admin, partitions, OffsetSpec.earliest());
      SortedMap<Integer, Long> ends = new TreeMap<>();
      offsets(admin, partitions, OffsetSpec.latest())
          .forEach(
              (partition, end) ->
                  ends.put(
                      partition.partition(), records.end(partition, begins.get(partition), end)));
      return ends;
    } catch (ExecutionException e) {
      throw MillraceException.world(
          "Cannot read the ends of topic '%s' on Kafka at %s: %s"
              .formatted(topic, kafka, String.valueOf(e.getCause().getMessage())),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot read the ends of a topic: interrupted", e);
    }
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted =
        partitions.stream().collect(Collectors.toMap(it -> it, it -> which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(wanted)
        .all()
        .get()
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /**
   * Makes the first records of a topic go before their time.
   *
   * @param begins of each partition: what lies before it can no longer be read
   */
  public void deleteBefore(String topic, Map<Integer, Long> begins, Duration within) {
    Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
    begins.forEach(
        (partition, offset) ->
            wanted.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)));
    try (Admin admin = admin(within)) {
      admin.deleteRecords(wanted).all().get();
    } catch (ExecutionException e) {
      throw MillraceException.world(
          "Cannot delete records of topic '%s' on Kafka at %s: %s"
              .formatted(topic, kafka, String.valueOf(e.getCause().getMessage())),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot delete records of a topic: interrupted", e);
    }
  }

  /** The client itself retries, with back-off, until its time is over. */
  private Admin admin(Duration within) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            AdminClientConfig.CLIENT_ID_CONFIG,
            "millrace-topics",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            (int) Math.min(within.toMillis(), 10_000),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            (int) within.toMillis(),
            AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
            100L,
            AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            1_000L));
  }

  /** Makes those that are really missing, and returns their names. */
  private static Set<String> create(Admin admin, List<NewTopic> missing)
      throws ExecutionException, InterruptedException {
    Set<String> made = new HashSet<>();
    for (Map.Entry<String, KafkaFuture<Void>> topic :
        admin.createTopics(missing).values().entrySet()) {
      try {
        topic.getValue().get();
        made.add(topic.getKey());
      } catch (ExecutionException e) {
        // Another process of this project was quicker.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    return made;
  }

  /** Something that a broker is asked. */
  private interface Question<T> {
    T ask() throws ExecutionException, InterruptedException;
  }

  /**
   * Asks until the broker has heard of the topics: the client gives up at once where it has not.
   */
  private static <T> T ask(Question<T> question, Duration within)
      throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        return question.ask();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    }
  }

  /**
   * Waits until a broker answers for each partition. The client asks again while a partition has no
   * leader.
   *
   * <p>A broker lists a new topic before its partitions take records. A producer that comes in
   * between has its first batch of a partition refused and the next one taken, after which the
   * first is out of order however often it is sent again, until its time is over.
   */
  static void awaitLeaders(Admin admin, List<NewTopic> topics, Duration within)
      throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        partitions.add(new TopicPartition(topic.name(), partition));
      }
    }
    var unused = ask(() -> offsets(admin, partitions, OffsetSpec.latest()), within);
  }

  private static void requirePartitions(Admin admin, List<NewTopic> topics, Duration within)
      throws ExecutionException, InterruptedException {
    List<String> names = topics.stream().map(NewTopic::name).toList();
    Map<String, TopicDescription> found =
        ask(() -> admin.describeTopics(names).allTopicNames().get(), within);
    List<String> different =
        topics.stream()
            .filter(topic -> found.get(topic.name()).partitions().size() != topic.numPartitions())
            .map(
                topic ->
                    "topic '%s' has %d partitions and its contract says %d"
                        .formatted(
                            topic.name(),
                            found.get(topic.name()).partitions().size(),
                            topic.numPartitions()))
            .toList();
    if (!different.isEmpty()) {
      throw MillraceException.caller(
          "Cannot use the topics: %s; change the contract back, because another number would break the order of each key"
              .formatted(String.join(", ", different)));
    }
  }

  private static void configure(Admin admin, List<NewTopic> topics)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (NewTopic topic : topics) {
      changes.put(
          new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
          topic.configs().entrySet().stream()
              .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
              .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
              .collect(Collectors.toList()));
    }
    admin.incrementalAlterConfigs(changes).all().get();
  }
}
