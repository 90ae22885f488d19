package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract that changes again and again while producers, old ones too, go on sending. */
class EvolutionIT {

  private static final String FIRST =
      """
      key: customer
      event_id: id
      event_time: at
      evolution: backward
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        customer: {type: string, required: true}
        pieces: {type: int, required: true}
        amount: "decimal(10,2)"
        item: {type: struct, fields: {sku: {type: string, required: true}, colour: string}}
      """;

  private static final String OLD_EVENT =
      "{'id':'%s','at':'%s','customer':'c%d','pieces':1,'amount':1.25,'item':{'sku':'s%d'}}";

  private static final int EVENTS = 20;

  @TempDir Path directory;
  private DataDirectory data;
  private Path project;
  private Command up;
  private String contract = FIRST;

  @BeforeEach
  void start() throws IOException {
    project = directory.resolve("shop");
    Files.createDirectories(project.resolve("streams"));
    Files.writeString(
        project.resolve("millrace.yaml"), "name: small\nsettings: {commit_interval: 1s}\n");
    write(FIRST);
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
  }

  @AfterEach
  void stop() {
    up.close();
  }

  private void write(String text) throws IOException {
    contract = text;
    Files.writeString(project.resolve("streams/sales.yaml"), text);
  }

  /** Changes the contract of the running project. */
  private void apply(String was, String is) throws IOException {
    assertThat(contract).contains(was);
    write(contract.replace(was, is));
    assertThat(apply(0)).endsWith("Everything runs as the files are now\n");
  }

  private String apply(int exitCode) {
    Said said = Said.by("apply", project.toString(), "--data", data.root().toString());
    assertThat(said.exitCode()).as(said.text()).isEqualTo(exitCode);
    return said.text();
  }

  /** Sends events of one form until it is told to stop, each batch until it is confirmed. */
  private Future<?> produce(
      ExecutorService threads, AtomicBoolean stop, AtomicInteger sent, String event) {
    return threads.submit(
        () -> {
          while (!stop.get()) {
            up.post("sales", events(event));
            sent.addAndGet(EVENTS);
          }
        });
  }

  private static String events(String event) {
    return IntStream.range(0, EVENTS)
        .mapToObj(
            it -> event.replace('\'', '"').formatted(UUID.randomUUID(), Instant.now(), it, it))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void nothingIsLostOrTwiceWhileAContractChanges() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger sent = new AtomicInteger();
    Future<?> old = produce(threads, stop, sent, OLD_EVENT);

    apply("colour: string", "size: int, colour: string");
    write(contract.replace("pieces: {type: int, ", "pieces: {type: long, "));
    apply("decimal(10,2)", "decimal(12,2)");
    write(
        contract
            .replace("key: customer", "key: person")
            .replace("  customer: {", "  person: {aliases: [customer], "));
    apply("sku: {", "code: {aliases: [sku], ");
    Future<?> young =
        produce(
            threads,
            stop,
            sent,
            "{'id':'%s','at':'%s','person':'c%d','pieces':9000000000,'amount':9999999999.25,'item':{'code':'s%d','size':5}}");
    apply("pieces: {type: long, required: true}", "pieces: {type: long, deprecated: use amount}");
    up.post("sales", events("{'id':'%s','at':'%s','person':'c%d','item':{'code':'s%d'}}"));
    sent.addAndGet(EVENTS);
    stop.set(true);
    old.get(Command.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    young.get(Command.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    threads.shutdown();

    JsonNode balance = up.settled("sales");
    assertThat(balance.get("holds").asBoolean()).as(balance.toString()).isTrue();
    JsonNode proof = up.get("/api/proof?stream=sales&full=true").orElseThrow();
    assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
    assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(sent.get());
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales")).isEqualTo(sent.get());
    assertThat(up.number("SELECT count(*) FROM quarantine.sales_rejected")).isZero();
    assertThat(
            up.number(
                "SELECT count(*) FROM bronze.sales WHERE person IS NULL OR item.code IS NULL"))
        .isZero();
    assertThat(up.number("SELECT count(*) FROM bronze.sales WHERE item.code <> 's' || person[2:]"))
        .isZero();
    assertThat(up.number("SELECT count(*) FROM bronze.sales WHERE pieces IS NULL"))
        .isEqualTo(EVENTS);
    assertThat(up.number("SELECT count(*) FROM bronze.sales WHERE amount > 9999999999"))
        .isPositive();
  }

  @Test
  void whatCannotFollowIsRefusedAndEverythingRunsOn() throws Exception {
    long server = up.state("server").pid();
    write(FIRST.replace("pieces: {type: int", "pieces: {type: string"));
    assertThat(apply(2))
        .isEqualTo(
            """
            Cannot accept the contracts:
              streams/sales.yaml:9: the new contract reads 'pieces' as string, which events of the accepted contract have as int
              streams/sales.yaml: leave it as it was accepted, and put the new contract beside it into streams/sales@2.yaml
            """);
    assertThat(up.state("server").pid()).isEqualTo(server);

    // A process that dies goes by what was accepted, whatever the file says.
    Command.signal("KILL", server);
    up.post("sales", events(OLD_EVENT));
    await("rows")
        .atMost(Command.PATIENCE)
        .until(() -> up.number("SELECT count(*) FROM bronze.sales") == EVENTS);
  }
}
