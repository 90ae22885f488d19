package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataTest {

  @TempDir Path directory;
  private DataDirectory data;

  @BeforeEach
  void name() {
    data = new DataDirectory(directory.resolve("data"));
  }

  @Test
  void removesWhatAnEarlierDemoLeft() throws IOException {
    DemoData.begin(data);
    Path left = data.lake().resolve("bronze/clicks.parquet");
    Files.createDirectories(left.getParent());
    Files.createFile(left);

    DemoData.begin(data);

    assertThat(data.lake()).doesNotExist();
  }

  @Test
  void neverTouchesWhatIsKept() throws IOException {
    DemoData.begin(data);
    Path mine = Files.createFile(data.metadata());
    DemoData.keep(data);

    assertThatThrownBy(() -> DemoData.begin(data))
        .hasMessage(
            "Cannot run the demo on '%s': it holds data that no demo made; name an empty directory with --data"
                .formatted(data.root()));
    assertThat(mine).exists();
  }

  @Test
  void dataIsForItsOwnersEyesOnly() throws IOException {
    DemoData.begin(data);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.root())))
        .isEqualTo("rwx------");
  }
}
