package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptedContractsTest {

  private static final String CLICKS =
      """
      key: event_id
      event_id: event_id
      event_time: event_time
      fields:
        event_id: {type: uuid, required: true}
        event_time: {type: timestamp, required: true}
      """;

  @TempDir Path folder;
  private Path metadata;
  private AcceptedContracts contracts;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "");
    metadata = new DataDirectory(folder.resolve("data")).metadata();
    contracts = AcceptedContracts.open(metadata, () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    contracts.close();
  }

  private Project write(String text) throws IOException {
    Files.writeString(folder.resolve("streams/clicks.yaml"), text);
    return ProjectReader.load(folder);
  }

  private void accept(Project project) {
    contracts.accept(folder, project.streams().values());
  }

  @Test
  void beforeAnythingIsAcceptedTheFilesAreInForce() throws IOException {
    Project project = write(CLICKS);

    assertThat(AcceptedContracts.inForce(project, metadata)).isEqualTo(project);
  }

  @Test
  void anEditedFileChangesNothingBeforeItIsAccepted() throws IOException {
    Project first = write(CLICKS);
    accept(first);
    Project second = write(CLICKS + "  page: string\n");

    assertThat(AcceptedContracts.inForce(second, metadata).streams()).isEqualTo(first.streams());
    accept(second);
    StreamContract accepted = AcceptedContracts.inForce(second, metadata).contract("clicks");
    assertThat(accepted).isEqualTo(second.contract("clicks").withVersion(2));
    assertThat(contracts.accepted()).containsOnlyKeys("clicks").containsValue(accepted);
  }

  @Test
  void aStreamThatIsNotAcceptedYetIsNotInForce() throws IOException {
    accept(write(CLICKS));
    Files.writeString(folder.resolve("streams/orders.yaml"), CLICKS);

    assertThat(AcceptedContracts.inForce(ProjectReader.load(folder), metadata).streams())
        .containsOnlyKeys("clicks");
  }

  @Test
  void refusesAFileThatIsNotWhatWasJudged() throws IOException {
    Project judged = write(CLICKS);
    write(CLICKS + "  page: string\n");

    assertThatThrownBy(() -> accept(judged))
        .hasMessage(
            "Cannot accept %s: the file was changed while it was judged; try again"
                .formatted(folder.resolve("streams/clicks.yaml")));
    assertThat(contracts.accepted()).isEmpty();
  }
}
