package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {

  private static final Path FILE = Path.of("docs/answer.txt");

  @TempDir Path folder;

  @Test
  void acceptsWhatItWrote() {
    Golden.rewrite(new Repository(folder), FILE, "42\n");
    Golden.compare(new Repository(folder), FILE, "42\n");
  }

  @Test
  void namesTheFileAndTheWayOutWhenTheTextDiffers() {
    Golden.rewrite(new Repository(folder), FILE, "42\n");
    assertThatThrownBy(() -> Golden.compare(new Repository(folder), FILE, "43\n"))
        .hasMessageContaining("docs/answer.txt; if the new text is right")
        .hasMessageContaining("-Dgolden.update=true")
        .hasMessageContaining("43");
  }

  @Test
  void saysHowToWriteAFileThatDoesNotExistYet() {
    assertThatThrownBy(() -> Golden.compare(new Repository(folder), FILE, "42\n"))
        .hasMessageContaining("docs/answer.txt; run again with -Dgolden.update=true to write it");
  }
}
