package io.millrace.boot;

import static io.millrace.boot.SmallWarehouse.difference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is cut off by kill -9 at any point and done again comes to the same. What is done to the
 * stream {@code calm} and its models is not disturbed; the same is done to {@code wild}, where the
 * command dies, and the server under it.
 */
class InterruptionIT {

  /** How often each is interrupted; half of it the command dies, half of it the server. */
  private static final int TIMES = Integer.getInteger("interruptions.count", 2);

  private static final long SEED = Long.getLong("interruptions.seed", System.nanoTime());

  private static final int SALES = 400;
  private static final int BROKEN = 4;
  private static final int DAYS = 8;

  /** Before a duration is known. */
  private static final long SOME_MILLIS = 1_500;

  private enum Victim {
    COMMAND,
    SERVER,
    STREAM
  }

  @TempDir Path directory;
  private final Random dice = new Random(SEED);
  private final Map<String, Long> spans = new HashMap<>();
  private final SortedMap<String, Integer> kills = new TreeMap<>();
  private DataDirectory data;
  private Path project;
  private Command up;
  private Churn churn;

  @BeforeEach
  void start() throws IOException {
    project =
        SmallShop.in(
            directory.resolve("shop"),
            "settings: {commit_interval: 1s, snapshot_retention: 1m, hourly_snapshots: 0s, upkeep_cpu: 100}\n");
    SmallWarehouse.in(project).add("calm", "schedule: manual").add("wild", "schedule: manual");
    SmallShop.stream(project, "churn");
    balance();
    data = new DataDirectory(directory.resolve("data"));
    up = up().awaitReady();
    churn = new Churn(() -> up);
  }

  @AfterEach
  void stop() {
    churn.close();
    up.close();
  }

  private Command up() throws IOException {
    return Command.start(data, "up", project.toString());
  }

  private void balance() throws IOException {
    Files.createDirectories(project.resolve("balances"));
    Files.writeString(
        project.resolve("balances/wild.yaml"),
        """
        description: Every sale is in the revenue of a day
        unit: EUR
        in:
          name: sales
          sql: SELECT coalesce(sum(amount), 0) FROM (%s) AS sales
        out:
          - name: revenue
            sql: SELECT coalesce(sum(revenue), 0) FROM gold.wild_daily
        """
            .formatted(SmallWarehouse.bothOf("wild")));
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void whatIsCutOffAndDoneAgainComesToTheSame() throws Exception {
    System.out.printf("Interruptions: seed %d, %d times%n", SEED, TIMES);
    long began = System.nanoTime();
    for (int round = 1; round <= TIMES; round++) {
      Victim victim = Victim.values()[round % 2];
      Path sales = sales("sales", round);
      done("load", "calm", sales.toString(), "--project", project.toString());
      interrupt(victim, "load", "wild", sales.toString(), "--project", project.toString());
      Path history = sales("history", round);
      done("load", "--bulk", "calm", history.toString(), "--project", project.toString());
      cutOff(
          // It works beside the server, and the stream commits it.
          victim == Victim.SERVER ? Victim.STREAM : victim,
          "load",
          "--bulk",
          "wild",
          history.toString(),
          "--project",
          project.toString());
      // One that was killed may go on for a moment.
      awaitDone("load", "--bulk", "wild", history.toString(), "--project", project.toString());
      awaitRows(round * 2L * SALES);

      done("run", "--select", models("calm"));
      interrupt(victim, "run", "--select", models("wild"));
      interrupt(
          victim,
          "backfill",
          models("wild"),
          "--from=2026-01-01",
          "--to=2026-01-31",
          "--max-load=1000");
      interrupt(victim, "upkeep");
      interruptStep("make one file");
      interruptUp();
      // By now there are snapshots that are old enough.
      interruptStep("expire");
      compare();
      System.out.printf(
          "round %d after %d s: %s%n", round, (System.nanoTime() - began) / 1_000_000_000, kills);
    }
    replayWhatWasRejected();
    System.out.printf("all after %d s: %s%n", (System.nanoTime() - began) / 1_000_000_000, kills);
    churn.close();
    long churned = churn.confirmed();
    await("all that was posted").atMost(Command.PATIENCE).until(() -> rows("churn") >= churned);
    assertThat(rows("churn")).isEqualTo(churned);
    assertThat(done("prove", "--full")).contains("The balance holds: nothing lost, nothing twice");
  }

  /** Under contracts that allow the broken sales, round by round. */
  private void replayWhatWasRejected() throws Exception {
    for (String stream : new String[] {"calm", "wild"}) {
      Path contract = project.resolve("streams/" + stream + ".yaml");
      Files.writeString(contract, Files.readString(contract).replace("min: 0", "min: -100"));
    }
    done("apply", project.toString());
    for (int round = 1; round <= TIMES; round++) {
      String where = "contains(decode(payload), '\"customer\":\"broken%d\"')".formatted(round);
      done("replay", "--rejected", "calm", "--where", where);
      cutOff(Victim.values()[round % 2], "replay", "--rejected", "wild", "--where", where);
      // What the killed one sent is looked up first.
      awaitDone("replay", "--rejected", "wild", "--where", where);
    }
    awaitRows(TIMES * 2L * (SALES + BROKEN));
    done("run", "--select", models("calm"));
    done("run", "--select", models("wild"));
    compare();
  }

  private static String models(String stream) {
    return "+gold.%s_daily +gold.%s_customers".formatted(stream, stream);
  }

  private Path sales(String name, int round) throws IOException {
    List<String> lines = new ArrayList<>();
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < SALES + BROKEN; i++) {
      Instant at = first.plusSeconds(dice.nextInt(DAYS * 86_400));
      UUID id = new UUID(dice.nextLong(), dice.nextLong());
      boolean broken = i >= SALES;
      lines.add(
          "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":\"%s\",\"amount\":%d.25}"
              .formatted(
                  id,
                  at,
                  broken ? "broken" + round : "c" + dice.nextInt(40),
                  broken ? -1 - dice.nextInt(90) : dice.nextInt(90)));
    }
    Collections.shuffle(lines, dice);
    return Files.write(directory.resolve("%s-%d.ndjson".formatted(name, round)), lines);
  }

  private long rows(String stream) throws IOException, InterruptedException {
    return up.number("SELECT count(*) FROM (" + SmallWarehouse.bothOf(stream) + ")");
  }

  private void awaitRows(long rows) {
    for (String stream : new String[] {"calm", "wild"}) {
      await("rows of " + stream)
          .atMost(Command.PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> rows(stream) >= rows);
    }
  }

  /** Does it to the end, and remembers how long that took. */
  private String done(String... words) throws IOException, InterruptedException {
    long began = System.nanoTime();
    try (Command command = Command.client(data, words)) {
      assertThat(command.exitCode()).as(command.output()).isZero();
      spans.putIfAbsent(name(words), (System.nanoTime() - began) / 1_000_000);
      return command.output();
    }
  }

  /** What they do: load and load --bulk are two things. */
  private static String name(String... words) {
    boolean option = words.length > 1 && words[1].startsWith("--");
    return option ? words[0] + " " + words[1] : words[0];
  }

  /** Does it to the end, as soon as it is not refused any more. */
  private void awaitDone(String... words) {
    await(name(words))
        .atMost(Command.PATIENCE)
        .untilAsserted(
            () -> {
              try (Command command = Command.client(data, words)) {
                assertThat(command.exitCode()).as(command.output()).isZero();
              }
            });
  }

  /** Kills the command, or in the next round the server under it; then does it again to the end. */
  private void interrupt(Victim victim, String... words) throws IOException, InterruptedException {
    cutOff(victim, words);
    done(words);
  }

  private void cutOff(Victim victim, String... words) throws IOException, InterruptedException {
    long span = spans.getOrDefault(name(words), SOME_MILLIS);
    boolean killed = false;
    while (!killed) {
      try (Command command = Command.client(data, words)) {
        if (command.endsWithin((long) (dice.nextDouble() * span))) {
          span = span * 3 / 4;
        } else {
          kill(victim, command);
          killed = true;
        }
      }
    }
    kills.merge(name(words) + ": " + victim, 1, Integer::sum);
  }

  private void kill(Victim victim, Command command) throws IOException, InterruptedException {
    switch (victim) {
      case COMMAND -> command.kill();
      case SERVER -> {
        killServer();
        // It has waited for the server, or says that it could not.
        assertThat(command.exitCode()).as(command.output()).isIn(0, 1, 3);
      }
      case STREAM -> {
        up.awaitBack(up.kill("stream"));
        assertThat(command.exitCode()).as(command.output()).isIn(0, 1, 3);
      }
    }
  }

  private void killServer() throws IOException, InterruptedException {
    up.awaitBack(up.kill("server"));
    up.awaitReady();
  }

  private boolean isPlanned(String step) throws InterruptedException {
    return up.get("/api/upkeep")
        .map(it -> it.toString().contains("\"what\":\"" + step))
        .orElse(false);
  }

  /** Kills the server while a step of upkeep is under way, its own or one that was asked for. */
  private void interruptStep(String step) throws IOException, InterruptedException {
    await(step)
        .atMost(Command.PATIENCE)
        .until(
            () -> {
              if (!isPlanned(step)) {
                return false;
              }
              try (Command command = Command.client(data, "upkeep")) {
                while (!command.endsWithin(1)) {
                  if (isUnderWay(step)) {
                    command.endsWithin(dice.nextInt(30));
                    killServer();
                    return true;
                  }
                }
                return false;
              }
            });
    kills.merge("upkeep: " + step, 1, Integer::sum);
    done("upkeep");
  }

  private boolean isUnderWay(String step) throws SQLException {
    String sql =
        "SELECT 1 FROM run_steps JOIN run_lines ON step = id WHERE state = 'running' AND text LIKE ?";
    try (Connection metadata = MetadataDatabase.open(data.metadata());
        PreparedStatement select = metadata.prepareStatement(sql)) {
      select.setString(1, step + "%");
      return select.executeQuery().next();
    }
  }

  /** Kills all of it while models are built; and once more while it starts. */
  private void interruptUp() throws IOException, InterruptedException {
    String[] words = {"run", "--full-refresh", "--select", models("wild")};
    try (Command command = Command.client(data, words)) {
      command.endsWithin((long) (dice.nextDouble() * spans.get("run --select")));
      up.kill();
    }
    kills.merge("up", 1, Integer::sum);
    up = up();
    if (!up.endsWithin((long) (dice.nextDouble() * spans.getOrDefault("up", 10_000L)))) {
      up.kill();
      kills.merge("up that starts", 1, Integer::sum);
    }
    long began = System.nanoTime();
    up = up().awaitReady();
    spans.put("up", (System.nanoTime() - began) / 1_000_000);
    done(words);
  }

  private void compare() throws IOException, InterruptedException {
    for (String table :
        new String[] {
          "(SELECT * EXCLUDE (topic_partition, topic_offset) FROM bronze.%s)",
          "(SELECT DISTINCT reason, field, detail, payload FROM quarantine.%s_rejected)",
          "silver.%s",
          "gold.%s_daily",
          "gold.%s_customers"
        }) {
      String calm = table.formatted("calm");
      assertThat(up.number("SELECT count(*) FROM " + calm)).as(calm).isPositive();
      assertThat(up.number(difference(calm, table.formatted("wild")))).as(table).isZero();
    }
  }
}
