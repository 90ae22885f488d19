package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.lake.LoadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are found by what somebody names, and which of them are read. */
class LoadPlanTest {

  @TempDir Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    for (String name : List.of("b.ndjson", "a.ndjson", "deep/c.jsonl", "notes.txt", ".d.json")) {
      Files.writeString(folder.resolve(name), "{\"name\":\"%s\"}\n".formatted(name));
    }
  }

  private List<String> found(String... named) {
    return LoadPaths.find(List.of(named)).stream()
        .map(it -> folder.relativize(it).toString())
        .toList();
  }

  @Test
  void aDirectoryIsItsFilesOfLinesInTheirOrder() {
    assertThat(found(folder.toString())).containsExactly("a.ndjson", "b.ndjson", "deep/c.jsonl");
  }

  @Test
  void filesPatternsAndAddressesAreTakenAsTheyAreNamedAndOnce() {
    assertThat(
            found(
                folder.resolve("b.ndjson").toUri().toString(),
                folder.resolve("?.ndjson").toString(),
                folder.resolve("notes.txt").toString()))
        .containsExactly("b.ndjson", "a.ndjson", "notes.txt");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatThrownBy(() -> found(folder.resolve("e.ndjson").toString()))
        .isInstanceOf(MillraceException.class)
        .hasMessageEndingWith("e.ndjson: there is no such file");
    assertThatThrownBy(() -> found(folder.resolve("*.csv").toString()))
        .hasMessageContaining("no file there is called .ndjson, .jsonl or .json, or fits");
    assertThatThrownBy(() -> found("s3://bucket/history"))
        .hasMessage(
            "Cannot load s3://bucket/history: files are read from this machine only; copy them here first");
  }

  @Test
  void aFileIsKnownByItsBytesWhereverItLies() throws IOException {
    Path first = folder.resolve("a.ndjson");
    Path second = folder.resolve("b.ndjson");
    Path copy = Files.copy(second, folder.resolve("copy.ndjson"));
    LoadedFile loaded = new LoadedFile(1, "file:///old/a", Files.size(first), FileDigest.of(first));

    LoadPlan plan = LoadPlan.of(List.of(first, second, copy), List.of(loaded));

    assertThat(plan.files()).extracting(LoadFile::path).containsExactly(second);
    assertThat(plan.known())
        .containsExactly(
            new LoadPlan.Known(first, "file:///old/a"),
            new LoadPlan.Known(copy, second.toUri().toString()));
  }

  @Test
  void aFileThatGrewIsAnother() throws IOException {
    Path file = folder.resolve("a.ndjson");
    LoadedFile loaded = new LoadedFile(1, "file:///a", Files.size(file), FileDigest.of(file));
    Files.writeString(file, "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n");

    assertThat(LoadPlan.of(List.of(file), List.of(loaded)).files()).hasSize(1);
  }
}
