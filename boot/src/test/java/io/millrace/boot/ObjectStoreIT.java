package io.millrace.boot;

import static io.millrace.boot.SmallWarehouse.bothOf;
import static io.millrace.boot.SmallWarehouse.customers;
import static io.millrace.boot.SmallWarehouse.daily;
import static io.millrace.boot.SmallWarehouse.difference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project whose tables are behind an S3 API. */
@Tag("slow")
class ObjectStoreIT {

  @TempDir Path directory;
  private DataDirectory data;

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void tablesLiveInABucket() throws Exception {
    data = new DataDirectory(directory.resolve("data"));
    try (ObjectStore store = ObjectStore.start(Files.createDirectory(directory.resolve("s3")))) {
      Path project =
          SmallShop.in(
              directory.resolve("shop"),
              "settings:\n  commit_interval: 1s\n  warehouse: s3://lake/small\n  warehouse_endpoint: %s\n"
                  .formatted(store.endpoint()));
      SmallWarehouse.in(project).add("orders", "every: 2s");
      try (Command up = up(project).awaitReady()) {
        send(up, 500);
        send(up, 700);
        assertThat(store.objects("lake")).isPositive();
        assertThat(data.lake()).doesNotExist();
      }
      deleteFolder(data.copies());
      try (Command up = up(project).awaitReady()) {
        assertThat(up.number("SELECT count(*) FROM gold.orders_customers")).isEqualTo(10);
        send(up, 300);
        assertProven(up, 1_500);
      }
      refusesToMove(project);
    }
  }

  private Command up(Path project) throws IOException {
    return Command.startWith(ObjectStore.credentials(), data, "up", project.toString());
  }

  private static void send(Command up, int sales) throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.orders");
    up.post("orders", SmallShop.sales(sales));
    await("built")
        .atMost(Command.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> up.number("SELECT sum(sales) FROM gold.orders_customers") == before + sales);
  }

  private static void assertProven(Command up, long sent) throws Exception {
    up.settled("orders");
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.orders")).isEqualTo(sent);
    for (String[] model :
        new String[][] {
          {"silver.orders", bothOf("orders")},
          {"gold.orders_daily", daily("orders")},
          {"gold.orders_customers", customers("orders")}
        }) {
      assertThat(up.number(difference(model[0], "(" + model[1] + ")"))).as(model[0]).isZero();
    }
    JsonNode proof = up.get("/api/proof?full=true").orElseThrow();
    assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
  }

  private void refusesToMove(Path project) throws Exception {
    Files.writeString(project.resolve("millrace.yaml"), "name: small\n");
    try (Command up = up(project)) {
      assertThat(up.exitCode()).isEqualTo(2);
      assertThat(up.output())
          .contains("were made in s3://lake/small, and know their files by that");
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
