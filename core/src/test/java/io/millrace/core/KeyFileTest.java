package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.KeyFile.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {

  @TempDir Path folder;
  private Path file;
  private KeyFile keys;

  @BeforeEach
  void open() {
    file = folder.resolve("data/readers");
    keys = new KeyFile(file, "read key");
  }

  @Test
  void keepsTheHashAndTheRoleOfAKey() throws IOException {
    assertThat(keys.find("anything")).isEmpty();
    String ada = keys.add(new Holder("ada", "analyst"));
    String shop = keys.add(new Holder("shop", ""));

    assertThat(keys.find(ada)).contains(new Holder("ada", "analyst"));
    assertThat(new KeyFile(file, "read key").find(shop)).contains(new Holder("shop", ""));
    assertThat(keys.find(ada + "x")).isEmpty();
    assertThat(Files.readString(file)).matches("ada [0-9a-f]{64} analyst\nshop [0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void forgetsAKeyWhoseLineIsGone() throws IOException {
    String ada = keys.add(new Holder("ada", "analyst"));
    assertThat(keys.find(ada)).isPresent();
    Files.writeString(file, "");

    assertThat(keys.find(ada)).isEmpty();
  }

  @Test
  void refusesNamesThatAreNoneOrTaken() {
    keys.add(new Holder("ada", "analyst"));

    assertThatThrownBy(() -> keys.add(new Holder("ada", "guest")))
        .hasMessage(
            "Cannot add read key 'ada': there is one of that name in %s; use another name, or delete its line",
            file);
    assertThatThrownBy(() -> keys.add(new Holder("Ada Lovelace", "guest")))
        .hasMessageStartingWith("Cannot add read key 'Ada Lovelace': a name has 1 to 60");
  }

  @Test
  void saysThatALineIsNoKey() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "ada not-a-hash analyst\n");

    assertThatThrownBy(() -> keys.find("x"))
        .hasMessage(
            "Cannot read the read keys: %s has a line that is not a name and a SHA-256 in hex",
            file);
  }
}
