package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteKeysTest {

  @TempDir Path folder;

  @Test
  void knowsAKeyByItsHashAlone() throws Exception {
    DataDirectory data = DataDirectory.of(folder);
    String key = new WriteKeys(data).add("web-shop");
    WriteKeys keys = new WriteKeys(data);
    assertThat(keys.nameOf(key)).hasValue("web-shop");
    assertThat(keys.nameOf(key + "x")).isEmpty();
    assertThat(keys.nameOf("")).isEmpty();
    assertThat(Files.readString(data.writeKeys()))
        .matches("web-shop [0-9a-f]{64}\n")
        .doesNotContain(key);
    assertThat(key).hasSize(43);
  }

  @Test
  void letsOnlyTheOwnerReadTheFiles() throws Exception {
    DataDirectory data = DataDirectory.of(folder);
    WriteKeys keys = new WriteKeys(data);
    keys.add("web-shop");
    keys.renewLocal();
    for (Path file : new Path[] {data.writeKeys(), data.localKey()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void forgetsTheLocalKeyWhenItIsRenewed() {
    WriteKeys keys = new WriteKeys(DataDirectory.of(folder));
    String first = keys.renewLocal();
    assertThat(keys.nameOf(first)).hasValue("local");
    String second = keys.renewLocal();
    assertThat(keys.nameOf(second)).hasValue("local");
    assertThat(keys.nameOf(first)).isEmpty();
  }

  @Test
  void refusesANameThatIsTaken() {
    DataDirectory data = DataDirectory.of(folder);
    WriteKeys keys = new WriteKeys(data);
    keys.add("web-shop");
    assertThatThrownBy(() -> keys.add("web-shop"))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot add write key 'web-shop': there is one of that name in %s; use another name, or delete its line",
            data.writeKeys());
    assertThatThrownBy(() -> keys.add("local"))
        .hasMessageStartingWith("Cannot add write key 'local': a name has 1 to 60");
  }
}
