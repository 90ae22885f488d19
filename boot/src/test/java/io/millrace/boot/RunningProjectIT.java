package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One project that runs, asked and disturbed as users and bad luck do. */
class RunningProjectIT {

  @TempDir static Path directory;
  private static DataDirectory data;
  private static Path project;
  private static Command up;

  @BeforeAll
  static void start() throws IOException {
    project = SmallShop.in(directory.resolve("shop"), "");
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
  }

  @AfterAll
  static void stop() {
    up.close();
  }

  @Test
  void aPostedEventIsARow() throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.sales");
    up.post("sales", SmallShop.sales(1));

    await("row")
        .atMost(Command.PATIENCE)
        .until(() -> up.number("SELECT count(*) FROM bronze.sales") == before + 1);
  }

  @Test
  void filesBecomePartOfTablesOnceWhileTheStreamRuns() throws Exception {
    Path history = Files.createDirectories(directory.resolve("history"));
    Files.writeString(history.resolve("a.ndjson"), SmallShop.sales(300) + "\n\nno sale\n");
    Files.writeString(history.resolve("b.ndjson"), SmallShop.sales(200));
    String rows = "SELECT count(*) FROM bronze.sales WHERE topic_partition < 0";

    assertThat(load(history, "--plan")).contains("b.ndjson", "Would load 2 files");
    assertThat(up.number(rows)).isZero();
    assertThat(load(history))
        .contains("2 files, 501 events: 500 accepted, 1 rejected, 0 repeated, 0 late; commit ")
        .contains("a.ndjson:302: bad_json");
    assertThat(load(history)).contains("Nothing to load", "b.ndjson was loaded before");

    assertThat(up.number(rows)).isEqualTo(500);
    assertThat(up.number("SELECT count(*) FROM ops.loaded_files")).isEqualTo(2);
    JsonNode proof = up.get("/api/proof?stream=sales&full=true").orElseThrow();
    assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
    assertThat(proof.at("/streams/0/loaded").asLong()).isEqualTo(502);
  }

  @Test
  void whatRunsForAWhileLeavesItsClassesToTheNextStart() throws Exception {
    Installation installation = new Installation(Repository.here().root());
    for (String process : List.of("broker", "stream", "server")) {
      Path archive = installation.home().resolve("dist/lib/" + process + ".jsa");
      await(process).atMost(Command.PATIENCE).until(() -> Files.exists(archive));
    }
    List<String> command =
        installation.java("server", List.of("-Xlog:class+load"), List.of(Main.class.getName()));
    Process next = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(next.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("source: shared objects file (top)");
  }

  private static String load(Path files, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("load", "sales", "--bulk", files.toString()));
    words.addAll(List.of("--project", project.toString()));
    words.addAll(List.of(options));
    try (Command command = Command.client(data, words.toArray(String[]::new))) {
      assertThat(command.exitCode()).as(command.output()).isZero();
      return command.output();
    }
  }

  @Test
  void aSecondUpIsRefusedAndToldOfTheFirst() throws Exception {
    try (Command second = Command.start(data, "up", project.toString())) {
      assertThat(second.exitCode()).isEqualTo(3);
      assertThat(second.output())
          .contains(
              "Cannot start on '%s': it is in use by process %d at %s; stop that one, or name another directory with --data"
                  .formatted(data.root(), up.pid(), up.url()));
    }
  }

  @Test
  void nothingIsLostAndNothingIsTwiceHoweverProcessesDie() throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.sales");
    long sent = 0;
    for (String name : new String[] {"broker", "stream", "server"}) {
      up.post("sales", SmallShop.sales(100));
      ProcessState killed = up.kill(name);
      up.post("sales", SmallShop.sales(100));
      sent += 200;
      up.awaitBack(killed);
    }

    JsonNode balance = up.settled("sales");
    assertThat(balance.get("holds").asBoolean()).as(balance.toString()).isTrue();
    assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(before + sent);
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales")).isEqualTo(before + sent);
  }

  /** So the broker meets a full disk: there is none behind a page of its mapped index. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void nothingIsLostWhenTheBrokersIndexHasNoDiskBehindIt() throws Exception {
    long before = up.number("SELECT count(*) FROM bronze.sales");
    long sent = 0;
    ProcessState broker = up.state("broker");
    for (Path index : indexesOfSales()) {
      try (FileChannel file = FileChannel.open(index, StandardOpenOption.WRITE)) {
        file.truncate(0);
      }
    }
    while (up.state("broker").pid() == broker.pid()) {
      up.post("sales", SmallShop.sales(200));
      sent += 200;
    }
    up.awaitBack(broker);

    JsonNode balance = up.settled("sales");
    assertThat(balance.get("holds").asBoolean()).as(balance.toString()).isTrue();
    assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(before + sent);
  }

  private static List<Path> indexesOfSales() throws IOException {
    try (Stream<Path> files = Files.walk(data.kafka())) {
      return files
          .filter(it -> it.toString().matches(".*/sales-\\d+/[^/]*index"))
          .filter(it -> !it.toString().endsWith(".txnindex"))
          .toList();
    }
  }
}
