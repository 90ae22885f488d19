package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.core.MillraceException;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.project.ContractChange;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is accepted of a project, version after version, without anything that runs. */
class AcceptanceTest {

  private static final String CLICKS =
      """
      key: user
      event_id: id
      event_time: seen
      evolution: forward
      fields:
        id: {type: uuid, required: true}
        seen: {type: timestamp, required: true}
        user: string
      """;

  @TempDir Path folder;
  private DataDirectory data;

  @BeforeEach
  void first() throws IOException {
    data = new DataDirectory(folder.resolve("data"));
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "");
    Acceptance first = change("", "");
    first.acceptAlone();
    assertThat(first.lines()).isEmpty();
    assertThat(first.tables()).contains("make bronze.clicks");
  }

  private Acceptance change(String was, String is) throws IOException {
    Files.writeString(folder.resolve("streams/clicks.yaml"), CLICKS.replace(was, is));
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      return Acceptance.of(ProjectReader.load(folder, sql), data);
    }
  }

  @Test
  void whatIsAsItWasIsNoChange() throws IOException {
    assertThat(change("  user: string\n", "  user: {type: string}\n").changes()).isEmpty();
  }

  @Test
  void whatTheNewContractCannotReadIsDrainedFirst() throws IOException {
    Acceptance added = change("user: string", "user: string\n  page: string");
    assertThat(added.lines()).containsExactly("clicks becomes version 2");
    assertThat(added.toDrain()).isEmpty();

    assertThat(
            change("user: string", "user: string\n  page: {type: int, required: true}").toDrain())
        .extracting(ContractChange::stream)
        .containsExactly("clicks");
  }

  @Test
  void versionsCountWhatWasAccepted() throws IOException {
    change("user: string", "user: string\n  page: string").acceptAlone();
    Acceptance next = change("user: string", "user: string\n  page: string\n  device: string");

    assertThat(next.lines()).containsExactly("clicks becomes version 3");
  }

  @Test
  void changesNothingUnderAJobOnACluster() throws IOException {
    Files.writeString(
        folder.resolve("millrace.yaml"),
        "settings: {kafka: \"broker:9092\", flink: cluster, stream_parallelism: 4}\n");
    new Deployment("http://flink:8081", "a1", "broker:9092", 4).write(data.deployment());
    assertThat(change("", "").changes()).isEmpty();

    Files.writeString(folder.resolve("millrace.yaml"), "settings: {kafka: \"other:9092\"}\n");
    assertThatThrownBy(() -> change("user: string", "user: string\n  page: string"))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot go by another contract of 'clicks', 'flink', 'kafka', 'stream_parallelism': the stream was deployed to http://flink:8081, where it goes on by what was accepted; end it with millrace deploy stream --stop, try again, and deploy it again");
  }

  @Test
  void saysEveryReasonAndAcceptsNothing() {
    assertThatThrownBy(() -> change("key: user", "key: id"))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            """
            Cannot accept the contracts:
              streams/clicks.yaml:1: key was user and is id: events of one key would lie in several partitions, where neither order nor repeats are seen
              streams/clicks.yaml: leave it as it was accepted, and put the new contract beside it into streams/clicks@2.yaml""");
  }
}
