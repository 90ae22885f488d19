package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import io.millrace.testkit.Broker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalKafkaIT {

  @TempDir Path directory;

  @Test
  void oneSettingTakesTheBrokersPlace() throws Exception {
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    try (Broker broker = Broker.start(Files.createDirectory(directory.resolve("broker")))) {
      Path project =
          SmallShop.in(
              directory.resolve("shop"),
              "settings:\n  kafka: %s\n".formatted(broker.bootstrapServers()));
      try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
        assertThat(up.children()).hasSize(2);
        up.post("sales", SmallShop.sales(10));

        JsonNode balance = up.settled("sales");
        assertThat(balance.get("bronze").asLong()).isEqualTo(10);
        assertThat(balance.get("holds").asBoolean()).isTrue();
      }
    }
  }
}
