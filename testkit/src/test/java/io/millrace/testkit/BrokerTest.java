package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {

  @TempDir Path folder;

  @Test
  void keepsItsTopicsWhenKilledAndStartedAgain() throws Exception {
    try (Broker broker = Broker.start(folder);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      NewTopic clicks = new NewTopic("clicks", Optional.of(2), Optional.empty());
      admin.createTopics(List.of(clicks)).all().get();
      broker.kill();
      broker.start();
      assertThat(admin.listTopics().names().get()).containsExactly("clicks");
      broker.stop();
      broker.start();
      assertThat(admin.listTopics().names().get()).containsExactly("clicks");
    }
  }
}
