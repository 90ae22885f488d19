package io.millrace.collect;

import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether an external Kafka keeps what it acknowledges. Its own settings decide, so it is asked.
 *
 * @param mistakes with which events would be lost, in sentences
 * @param warnings of what is not kept in every case, or cannot be done
 */
public record KafkaSafety(List<String> mistakes, List<String> warnings) {

  private static final String REPLICATION = "default.replication.factor";
  private static final String LONGEST_TRANSACTION = "transaction.max.timeout.ms";

  public KafkaSafety {
    mistakes = List.copyOf(mistakes);
    warnings = List.copyOf(warnings);
  }

  /** What a topic has, or will have once it is made. */
  record Topic(String name, int replicas, Config config) {

    private String value(String key) {
      return config.get(key).value();
    }
  }

  /** Asks about the topics of a project; those that are not there yet will have the defaults. */
  public static KafkaSafety of(String kafka, Project project, Duration within) {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) within.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) within.toMillis()))) {
      List<String> mistakes = new ArrayList<>();
      List<String> warnings = new ArrayList<>();
      Config broker = broker(admin);
      judgeTransactions(broker).ifPresent(warnings::add);
      topics(admin, project, broker).forEach(topic -> judge(topic, mistakes, warnings));
      return new KafkaSafety(mistakes, warnings);
    } catch (ExecutionException e) {
      return new KafkaSafety(
          List.of(),
          List.of(
              "Kafka at %s does not answer, so its settings were not checked: %s"
                  .formatted(kafka, e.getCause().getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new KafkaSafety(List.of(), List.of());
    }
  }

  private static Config broker(Admin admin) throws ExecutionException, InterruptedException {
    String node = admin.describeCluster().nodes().get().iterator().next().idString();
    return config(admin, ConfigResource.Type.BROKER, node);
  }

  /** What replays ask for. */
  private static Optional<String> judgeTransactions(Config broker) {
    int longest = Integer.parseInt(broker.get(LONGEST_TRANSACTION).value());
    return longest >= ReplayTopic.TRANSACTION_MS
        ? Optional.empty()
        : Optional.of(
            "%s is %d, and a replay asks for transactions of %d ms: Kafka would refuse them, and no rejected event could be replayed; set it to %d or more"
                .formatted(
                    LONGEST_TRANSACTION,
                    longest,
                    ReplayTopic.TRANSACTION_MS,
                    ReplayTopic.TRANSACTION_MS));
  }

  private static List<Topic> topics(Admin admin, Project project, Config broker)
      throws ExecutionException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (StreamContract stream : project.streams().values()) {
      names.addAll(List.of(stream.topic(), stream.rejectedTopic()));
    }
    Set<String> present = admin.listTopics().names().get();
    List<Topic> topics = new ArrayList<>();
    for (String name : names) {
      if (present.contains(name)) {
        int replicas =
            admin
                .describeTopics(List.of(name))
                .allTopicNames()
                .get()
                .get(name)
                .partitions()
                .get(0)
                .replicas()
                .size();
        topics.add(new Topic(name, replicas, config(admin, ConfigResource.Type.TOPIC, name)));
      }
    }
    if (topics.size() < names.size()) {
      int replicas = Integer.parseInt(broker.get(REPLICATION).value());
      topics.add(new Topic("a new topic", replicas, defaults(broker)));
    }
    return topics;
  }

  private static Config config(Admin admin, ConfigResource.Type type, String name)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(type, name);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource);
  }

  /** The broker's settings under the names that a topic has for them. */
  private static Config defaults(Config broker) {
    return new Config(
        List.of(
            entry(broker, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "min.insync.replicas"),
            entry(
                broker,
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                "unclean.leader.election.enable"),
            entry(broker, TopicConfig.CLEANUP_POLICY_CONFIG, "log.cleanup.policy"),
            entry(broker, TopicConfig.RETENTION_BYTES_CONFIG, "log.retention.bytes")));
  }

  private static ConfigEntry entry(Config broker, String name, String brokerName) {
    return new ConfigEntry(name, broker.get(brokerName).value());
  }

  private static void judge(Topic topic, List<String> mistakes, List<String> warnings) {
    int needed = Integer.parseInt(topic.value(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
    if (needed > topic.replicas()) {
      mistakes.add(
          "min.insync.replicas of %s is %d, more than its replicas (%d): no event would ever be acknowledged"
              .formatted(topic.name(), needed, topic.replicas()));
    } else if (topic.replicas() == 1) {
      warnings.add(
          "%s has one replica: an acknowledged event is lost with its disk"
              .formatted(topic.name()));
    } else if (needed == 1) {
      mistakes.add(
          "min.insync.replicas of %s is 1: an event is acknowledged when one of its %d replicas has it, and lost with that one; set it to 2"
              .formatted(topic.name(), topic.replicas()));
    }
    if (Boolean.parseBoolean(topic.value(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
      mistakes.add(
          "unclean.leader.election.enable is true for %s: a replica that lacks acknowledged events may become the leader, and they are gone"
              .formatted(topic.name()));
    }
    if (topic
        .value(TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      mistakes.add(
          "cleanup.policy of %s is compact: of a key only its last event would stay; set it to delete"
              .formatted(topic.name()));
    }
    if (Long.parseLong(topic.value(TopicConfig.RETENTION_BYTES_CONFIG)) >= 0) {
      mistakes.add(
          "retention.bytes of %s is %s: a burst would push out events that the stream has not committed; set it to -1"
              .formatted(topic.name(), topic.value(TopicConfig.RETENTION_BYTES_CONFIG)));
    }
  }
}
