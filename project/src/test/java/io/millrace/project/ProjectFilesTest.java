package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFilesTest {

  @TempDir Path folder;

  @Test
  void saysThatTheMainFileIsMissing() {
    assertThat(new ProjectDirectory(folder).problems())
        .containsExactly("millrace.yaml: the file is missing; create it; it may be empty");
    assertThat(new ProjectDirectory(folder).with("millrace.yml", "").problems())
        .containsExactly("millrace.yaml: the file is missing; rename millrace.yml");
  }

  @Test
  void saysWhichSettingIsWrong() {
    assertThat(
            directory()
                .with(
                    "millrace.yaml",
                    """
                    name: shop
                    settings:
                      kafka: localhost
                      query_memory: 512
                      max_body: 2GB
                      stream_paralelism: 4
                      commit_interval: 100ms
                    """)
                .problems())
        .containsExactly(
            "millrace.yaml:3: 'localhost' is not a list of Kafka servers;"
                + " write host:port, or host:port,host:port",
            "millrace.yaml:4: '512' is not a size;"
                + " write a whole number and a unit (B, KB, MB, GB, TB), such as 512MB",
            "millrace.yaml:5: '2GB' is too large; use at most 1GB",
            "millrace.yaml:6: key 'stream_paralelism' is not known;"
                + " did you mean 'stream_parallelism'?",
            "millrace.yaml:7: '100ms' is too small; use at least 1s");
  }

  @Test
  void namesEveryFileThatNobodyReads() {
    assertThat(
            directory()
                .with("streams/README.md", "read by people")
                .with("streams/.hidden", "an editor's")
                .with("streams/clicks.yml", ProjectDirectory.CLICKS)
                .with("streams/notes.txt", "")
                .with("streams/Orders.yaml", ProjectDirectory.CLICKS)
                .with("streams/old/clicks.yaml", ProjectDirectory.CLICKS)
                .with("stream/clicks.yaml", ProjectDirectory.CLICKS)
                .with("models/daily.sql", "SELECT 1")
                .with("models/bronze/daily.sql", "SELECT 1")
                .with("models/sliver/daily.sql", "SELECT 1")
                .with("models/gold/daily.sq", "SELECT 1")
                .problems())
        .containsExactly(
            "models/bronze: layer 'bronze' is reserved for tables that Millrace fills;"
                + " use silver or gold",
            "models/daily.sql: nobody reads this file; move it to models/silver or models/gold",
            "models/gold/daily.sq: nobody reads this file; move it; only *.sql files belong here",
            "models/sliver: layer 'sliver' is not known; did you mean 'silver'?",
            "stream: nobody reads this folder; rename it to streams",
            "streams/Orders.yaml: 'Orders' cannot be a name; rename the file:"
                + " lower-case letters, digits and '_', starting with a letter",
            "streams/clicks.yml: nobody reads this file; rename it to end in .yaml",
            "streams/notes.txt: nobody reads this file; move it; only *.yaml files belong here",
            "streams/old: nobody reads this folder; move it; only *.yaml files belong here");
  }

  @Test
  void refusesAStreamNamedLikeTheRejectedEventsOfAnother() {
    assertThat(
            directory()
                .with("streams/clicks.yaml", ProjectDirectory.CLICKS)
                .with("streams/clicks_rejected.yaml", ProjectDirectory.CLICKS)
                .problems())
        .containsExactly(
            "streams/clicks_rejected.yaml: the name 'clicks_rejected' collides with what is"
                + " rejected from 'clicks'; give one of the streams another name");
  }

  @Test
  void refusesANameThatLeavesNoRoomForTheTablesOfAStream() {
    String longest = "a".repeat(ProjectReader.MAX_STREAM_LENGTH);
    assertThat(
            directory()
                .with("streams/" + longest + ".yaml", ProjectDirectory.CLICKS)
                .with("streams/" + longest + "b.yaml", ProjectDirectory.CLICKS)
                .problems())
        .containsExactly(
            "streams/" + longest + "b.yaml: the name is too long; use at most 111 characters");
  }

  @Test
  void findsNoMistakeInThePackThatShips() {
    Path pack = Repository.here().root().resolve("packs/retail");
    assertThat(new ProjectDirectory(pack).problems()).isEqualTo(List.of());
  }

  private ProjectDirectory directory() {
    return new ProjectDirectory(folder).with("millrace.yaml", "");
  }
}
