package io.millrace.boot;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warehouse of a project that runs: late events, years of history, and deaths in between. */
class WarehouseIT {

  private static final int DAYS = 730;

  @TempDir static Path directory;
  private static DataDirectory data;
  private static Command up;

  @BeforeAll
  static void start() throws IOException {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    // History is built only when it is asked for; the rest at most every two seconds.
    SmallWarehouse.in(project)
        .add("ordered", "every: 2s")
        .add("shuffled", "every: 2s")
        .add("history", "schedule: manual")
        .add("live", "every: 2s");
    Files.createDirectories(project.resolve("reports"));
    Files.writeString(
        project.resolve("reports/history.yaml"),
        """
        title: Two years
        tiles:
          - title: Sales
            chart: number
            sql: SELECT count(*) AS days, sum(sales) AS sales FROM gold.history_daily
        """);
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
  }

  @AfterAll
  static void stop() {
    up.close();
  }

  private static String sale(Instant at, int customer, int amount) {
    return "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":\"c%d\",\"amount\":%d.25}"
        .formatted(UUID.randomUUID(), at, customer, amount);
  }

  @Test
  void theOrderInWhichEventsArriveMakesNoDifferenceToTheMarts() throws Exception {
    Random dice = new Random(5);
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    List<String> sales = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      sales.add(sale(first.plus(Duration.ofMinutes(i * 61L)), dice.nextInt(7), dice.nextInt(50)));
    }
    up.post("ordered", String.join("\n", sales));

    List<String> disturbed = new ArrayList<>(sales);
    disturbed.addAll(sales.subList(100, 220));
    Collections.shuffle(disturbed, dice);
    for (int from = 0; from < disturbed.size(); from += 180) {
      int to = Math.min(from + 180, disturbed.size());
      up.post("shuffled", String.join("\n", disturbed.subList(from, to)));
      long arrived = up.number("SELECT max(release) FROM ops.releases");
      await("a release in between")
          .atMost(Command.PATIENCE)
          .until(() -> up.number("SELECT max(release) FROM ops.releases") > arrived);
    }

    for (String mart : new String[] {"daily", "customers"}) {
      await("same " + mart)
          .atMost(Command.PATIENCE)
          .until(() -> up.number("SELECT sum(sales) FROM gold.shuffled_" + mart) == sales.size());
      await("same " + mart)
          .atMost(Command.PATIENCE)
          .until(() -> up.number("SELECT sum(sales) FROM gold.ordered_" + mart) == sales.size());
      assertThat(up.number(difference("gold.shuffled_" + mart, "gold.ordered_" + mart))).isZero();
    }
  }

  @Test
  void twoYearsOfHistoryAreBuiltWhileLiveEventsStayFresh() throws Exception {
    Instant begin = Instant.parse("2024-01-01T09:00:00Z");
    List<String> sales = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      for (int i = 0; i < 5; i++) {
        sales.add(sale(begin.plus(Duration.ofHours(24L * day + i)), i, day % 40));
      }
    }
    up.post("history", String.join("\n", sales));
    await("history is in the lake")
        .atMost(Command.PATIENCE)
        .until(() -> up.number(rowsOf("history")) == sales.size());

    JsonNode backfill =
        up.postJson(
            "/api/backfills",
            "{\"select\": \"+gold.history_daily gold.history_customers\", \"from\": \"2024-01-01\", \"to\": \"2025-12-31\", \"max_load\": 1000}");
    String progress = "/api/backfills/" + backfill.get("id").asLong();
    Set<Long> seen = new HashSet<>();
    await("history is built")
        .atMost(Command.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              up.post("live", sale(Instant.now(), 1, 1));
              seen.add(up.number("SELECT sum(sales) FROM gold.live_daily"));
              return up.get(progress).map(it -> it.get("state").asText()).orElse("");
            },
            state -> !state.equals("running"));

    assertThat(up.get(progress).orElseThrow().get("state").asText())
        .as(up.get(progress).toString())
        .isEqualTo("done");
    assertThat(seen).as("states of the live mart while history was built").hasSizeGreaterThan(4);
    assertThat(up.number("SELECT count(*) FROM gold.history_daily")).isEqualTo(DAYS);
    assertThat(up.number(difference("gold.history_daily", "(" + daily("history") + ")"))).isZero();
    assertThat(up.number("SELECT sum(sales) FROM gold.history_daily")).isEqualTo(sales.size());
    assertThat(report("history", "--tile", "1")).contains("days,sales\n%d,".formatted(DAYS));
    assertThat(report("history")).contains("<dt>sales</dt>").contains("gold.history_daily@");
  }

  private static String report(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("report"));
    all.addAll(List.of(words));
    try (Command report = Command.client(data, all.toArray(new String[0]))) {
      assertThat(report.exitCode()).as(report.output()).isZero();
      return report.output().replace("\r\n", "\n");
    }
  }

  private static String rowsOf(String stream) {
    return "SELECT (SELECT count(*) FROM bronze.%s) + (SELECT count(*) FROM quarantine.%s_late)"
        .formatted(stream, stream);
  }

  @Test
  void theServerMayDieInTheMiddleOfBuilds() throws Exception {
    long sent = 0;
    for (int death = 0; death < 3; death++) {
      up.post("live", SmallShop.sales(200));
      sent += 200;
      await("a build has begun")
          .atMost(Command.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> up.number("SELECT count(*) FROM ops.runs WHERE state = 'running'") > 0);
      up.awaitBack(up.kill("server"));
      await("answers").atMost(Command.PATIENCE).until(() -> up.number("SELECT 1") == 1);
    }
    long all = sent;
    await("every sale is in the marts")
        .atMost(Command.PATIENCE)
        .until(
            () ->
                up.number("SELECT sum(sales) FROM gold.live_daily") >= all
                    && up.number("SELECT sum(sales) FROM gold.live_daily")
                        == up.number(rowsOf("live")));
    assertThat(up.number(difference("gold.live_daily", "(" + daily("live") + ")"))).isZero();
    assertThat(up.number(difference("gold.live_customers", "(" + customers("live") + ")")))
        .isZero();
  }
}
