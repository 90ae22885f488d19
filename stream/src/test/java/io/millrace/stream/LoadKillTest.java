package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.LoadedFile;
import io.millrace.testkit.Broker;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that loads files, killed; and its files given to it again. */
class LoadKillTest {

  private static final String CONTRACT =
      """
      key: user
      event_id: id
      event_time: at
      lateness: 10m
      topic_partitions: 1
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true}
      """;

  private static final int FILES = 3;
  private static final int LINES = 60_000;

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private final String stream = "pay_" + UUID.randomUUID().toString().substring(0, 8);
  private LoadedProject project;
  private Path files;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  /** In each file a line of every ten thousand is no event; the last has events of the first. */
  @BeforeEach
  void makeFiles() throws Exception {
    project = new LoadedProject(folder.resolve("project"), broker, CONTRACT, List.of(stream));
    files = Files.createDirectories(folder.resolve("files"));
    for (int file = 0; file < FILES; file++) {
      try (BufferedWriter out = Files.newBufferedWriter(files.resolve(file + ".ndjson"))) {
        for (int line = 0; line < LINES; line++) {
          int number = file * LINES + (file == FILES - 1 && line < 5 ? line - 2 * LINES : line);
          out.write(
              line % 10_000 == 9_999
                  ? "no event\n"
                  : "{\"id\":\"%s\",\"at\":\"2026-03-01T11:59:00Z\",\"user\":\"ann\"}\n"
                      .formatted(new UUID(0, number)));
        }
      }
    }
  }

  @AfterEach
  void end() throws Exception {
    project.end();
  }

  /** Starts to load all files. */
  private Process start() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            LoadMain.class.getName(),
            project.folder().toString(),
            project.data().root().toString(),
            stream,
            "load",
            files.toString())
        .redirectError(folder.resolve("errors.log").toFile())
        .start();
  }

  /** Reads what it says until a line fits. */
  private static Optional<String> heard(Process process, Predicate<String> wanted)
      throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (wanted.test(line)) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  private String toItsEnd() throws Exception {
    Process process = start();
    String answer = heard(process, line -> !line.contains("\"complete\":false")).orElse("");
    assertThat(process.waitFor()).as(answer).isZero();
    return answer;
  }

  @Test
  void aLoadThatWasKilledIsDoneOnceAndAsIfNothingHadHappened() throws Exception {
    Process early = start();
    heard(early, line -> line.contains("\"complete\":false"));
    early.destroyForcibly().waitFor();
    assertThat(project.entries(stream)).isEmpty();

    // No job runs yet, so what this one hands over waits.
    Process late = start();
    try (Ledger ledger = Ledger.open(project.data().metadata())) {
      await().atMost(LoadedProject.LIMIT).until(() -> ledger.proposedLoad(stream).isPresent());
    }
    late.destroyForcibly().waitFor();

    project.start();
    assertThat(toItsEnd()).contains("\"files\":[]").contains("loaded_from");

    List<LedgerEntry> entries = project.entries(stream);
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).files()).extracting(LoadedFile::number).containsExactly(1, 2, 3);
    assertThat(entries.get(0).ranges()).allMatch(Range::balances);
    int broken = FILES * LINES / 10_000;
    assertThat(ids(TableName.bronze(stream)))
        .hasSize(FILES * LINES - broken - 5)
        .doesNotHaveDuplicates();
    assertThat(ids(TableName.repeated(stream))).hasSize(5);
    assertThat(
            project.rows(TableName.rejected(stream), project.contract(stream), (columns, row) -> 1))
        .hasSize(broken);
  }

  private List<UUID> ids(TableName table) {
    return new ArrayList<>(
        project.rows(
            table,
            project.contract(stream),
            (columns, row) -> {
              ByteBuffer bits = ByteBuffer.wrap(row.bytesAt(0), row.offsetAt(0), 16);
              return new UUID(bits.getLong(), bits.getLong());
            }));
  }
}
