package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.boot.processes.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillraceTest {

  private final Captured captured = new Captured();

  @TempDir Path directory;

  @Test
  void namesTheCommandThatWasMeant() {
    assertThat(run("quary")).isEqualTo(2);
    assertThat(captured.err()).contains("Unmatched argument at index 0: 'quary'").contains("query");
  }

  @Test
  void saysThatNothingRunsThere() {
    assertThat(run("status", "--data", directory.toString())).isEqualTo(3);
    assertThat(captured.err())
        .isEqualTo(
            "Cannot find a running project on '%s': start one with millrace up, or name its directory with --project or --data%n"
                .formatted(directory));
  }

  @Test
  void theWordAfterJsonIsNoFile() {
    assertThat(run("prove", "--faults", "--json", "clicks")).isEqualTo(2);
    assertThat(captured.err()).startsWith("Cannot try one stream");
    assertThat(run("prove", "--json=" + directory.resolve("proof.json"), "clicks", "orders"))
        .isEqualTo(2);
    assertThat(captured.err()).contains("Unmatched argument at index 3: 'orders'");
  }

  @Test
  void aSoakHasNoFaultsToCount() {
    assertThat(run("prove", "--soak", "--count", "3")).isEqualTo(2);
    assertThat(captured.err())
        .isEqualTo(
            "Cannot count the faults of --soak: it has none; --minutes says how long it takes%n"
                .formatted());
  }

  @Test
  void saysThatADirectoryIsNoProject() {
    assertThat(run("up", directory.toString())).isEqualTo(2);
    assertThat(captured.err())
        .isEqualTo(
            "Cannot find a project in '%s': it has no millrace.yaml; name a project directory%n"
                .formatted(directory));
  }

  @Test
  void checkListsEveryMistakeAndSaysNo() throws IOException {
    Files.writeString(directory.resolve("millrace.yaml"), "colour: red\n");

    assertThat(run("check", directory.toString())).isEqualTo(1);
    assertThat(captured.out()).startsWith("millrace.yaml:1: ").endsWith("1 mistake\n");
  }

  @Test
  void checkSaysYesToASoundProject() throws IOException {
    Files.writeString(directory.resolve("millrace.yaml"), "name: shop\n");

    assertThat(run("check", directory.toString())).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            shop has no mistakes (streams: 0, models: 0)
            An acknowledged event: process death, kept; power loss, the last seconds may be lost; disk loss, lost with the disk (durability: process)
            """);
  }

  @Test
  void printsAKeyOnceAndKeepsItsHash() throws IOException {
    assertThat(run("key", "web-shop", "--data", directory.toString())).isZero();

    String key = captured.out().strip();
    assertThat(key).isNotEmpty();
    assertThat(Files.readString(directory.resolve("keys")))
        .startsWith("web-shop ")
        .doesNotContain(key);
  }

  @Test
  void simulatesTheSameShopForTheSameSeed() throws IOException {
    String[] shop = {"simulate", "--events", "2000", "--seed", "7", "--out"};

    assertThat(run(with(shop, directory.resolve("one")))).isZero();
    assertThat(run(with(shop, directory.resolve("other")))).isZero();
    assertThat(directory.resolve("one/truth.json"))
        .hasSameTextualContentAs(directory.resolve("other/truth.json"));
  }

  @Test
  void refusesARateThatIsNone() {
    assertThat(run("simulate", "--rate", "fast", "--out", directory.toString())).isEqualTo(2);
    assertThat(captured.err())
        .contains("Cannot simulate at rate 'fast': use a number of events a second, or max");
  }

  private static String[] with(String[] words, Path last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last.toString();
    return all;
  }

  private int run(String... words) {
    return Millrace.commandLine(captured.terminal(), () -> new Installation(directory))
        .execute(words);
  }
}
