package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

  private static final Instant BUILT = Instant.parse("2026-01-31T10:00:00Z");

  @TempDir Path lib;
  private ClassArchive archive;

  @BeforeEach
  void build() throws IOException {
    Path jars = Files.createDirectory(lib.resolve("server"));
    at(BUILT, jars.resolve("one.jar"));
    at(BUILT.plusSeconds(5), jars.resolve("two.jar"));
    archive = new ClassArchive(jars);
  }

  private static void at(Instant time, Path file) throws IOException {
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  @Test
  void onlyAProcessThatIsToWriteItMakesReadyTo() {
    assertThat(archive.isUpToDate()).isFalse();
    assertThat(archive.options()).isEmpty();
    assertThat(archive.optionsToWrite())
        .containsExactly("-XX:+RecordDynamicDumpInfo", "-Xlog:cds*=off");
  }

  @Test
  void aProcessStartsFromOneThatIsNewerThanEachJar() throws IOException {
    at(BUILT.plusSeconds(6), archive.file());

    assertThat(archive.isUpToDate()).isTrue();
    assertThat(archive.options())
        .isEqualTo(archive.optionsToWrite())
        .contains("-XX:SharedArchiveFile=" + lib.resolve("server.jsa"));
  }

  @Test
  void oneThatIsOlderThanAJarIsWrittenAnew() throws IOException {
    at(BUILT.plusSeconds(4), archive.file());

    assertThat(archive.isUpToDate()).isFalse();
    assertThat(archive.options()).isEmpty();
    assertThat(archive.optionsToWrite())
        .containsExactly("-XX:+RecordDynamicDumpInfo", "-Xlog:cds*=off");
  }

  @Test
  void whereNothingIsInstalledNothingIsAskedFor() {
    assertThat(new ClassArchive(lib.resolve("none/server")).optionsToWrite()).isEmpty();
  }
}
