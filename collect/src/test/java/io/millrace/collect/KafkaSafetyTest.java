package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.project.Project;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, with topics that somebody else has made. */
class KafkaSafetyTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path kafka;
  static Broker broker;
  static Admin admin;

  private final Project project = Clicks.project(kafka, RunningCollector.settings(1, 0));

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(kafka, List.of("transaction.max.timeout.ms=20000"));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    broker.close();
  }

  @Test
  void saysWhatWouldLoseEvents() throws Exception {
    NewTopic clicks =
        new NewTopic("clicks", Optional.of(2), Optional.empty())
            .configs(
                Map.of(
                    "min.insync.replicas", "2",
                    "unclean.leader.election.enable", "true",
                    "cleanup.policy", "compact,delete",
                    "retention.bytes", "1000000"));
    admin.createTopics(List.of(clicks)).all().get();
    await("made").atMost(SOON).until(() -> admin.listTopics().names().get().contains("clicks"));
    KafkaSafety found = KafkaSafety.of(broker.bootstrapServers(), project, SOON);
    admin.deleteTopics(List.of("clicks")).all().get();

    assertThat(found.mistakes())
        .containsExactly(
            "min.insync.replicas of clicks is 2, more than its replicas (1): no event would ever be acknowledged",
            "unclean.leader.election.enable is true for clicks: a replica that lacks acknowledged events may become the leader, and they are gone",
            "cleanup.policy of clicks is compact: of a key only its last event would stay; set it to delete",
            "retention.bytes of clicks is 1000000: a burst would push out events that the stream has not committed; set it to -1");
    assertThat(found.warnings())
        .containsExactly(
            "transaction.max.timeout.ms is 20000, and a replay asks for transactions of 30000 ms: Kafka would refuse them, and no rejected event could be replayed; set it to 30000 or more",
            "a new topic has one replica: an acknowledged event is lost with its disk");
  }

  @Test
  void saysThatNobodyAnswered() {
    assertThat(KafkaSafety.of("127.0.0.1:1", project, Duration.ofMillis(300)))
        .satisfies(
            it -> {
              assertThat(it.mistakes()).isEmpty();
              assertThat(it.warnings())
                  .singleElement()
                  .asString()
                  .startsWith(
                      "Kafka at 127.0.0.1:1 does not answer, so its settings were not checked: ");
            });
  }
}
