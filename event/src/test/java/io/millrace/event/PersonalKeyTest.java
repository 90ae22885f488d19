package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonalKeyTest {

  private static final byte[] EVENT = "{\"user_id\": \"ada\"}".getBytes(UTF_8);
  private static final long RECEIVED = 1_700_000_000_000_000L;

  @TempDir Path folder;
  private DataDirectory data;

  @BeforeEach
  void open() {
    data = new DataDirectory(folder);
  }

  private static Pseudonym first(PersonalKey key, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    return key.pseudonyms().first(bytes, 0, bytes.length);
  }

  @Test
  void whoeverComesFirstMakesTheOneKeyOfAll() {
    List<Pseudonym> names =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(i -> first(PersonalKey.of(data), "ada"))
            .toList();

    assertThat(names).allSatisfy(name -> assertThat(name).isEqualTo(names.get(0)));
  }

  @Test
  void isMadeOnceAndReadByItsOwnerAlone() throws IOException {
    PersonalKey made = PersonalKey.of(data);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.personalKey())))
        .isEqualTo("rw-------");
    assertThat(first(PersonalKey.of(data), "ada")).isEqualTo(first(made, "ada"));
  }

  @Test
  void isMissed() throws IOException {
    PersonalKey.of(data);
    Files.delete(data.personalKey());

    assertThatThrownBy(() -> PersonalKey.of(data))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("personal.key is gone; put it back from a copy");
  }

  @Test
  void isKnownFromAnother(@TempDir Path other) throws IOException {
    PersonalKey.of(data);
    PersonalKey.of(new DataDirectory(other));
    Files.writeString(data.personalKey(), Files.readString(new DataDirectory(other).personalKey()));

    assertThatThrownBy(() -> PersonalKey.of(data))
        .hasMessageContaining("personal.key holds another key than before");
  }

  @Test
  void isNotGuessedFromHalfAFile() throws IOException {
    PersonalKey.of(data);
    Files.writeString(data.personalKey(), "abcd\n");

    assertThatThrownBy(() -> PersonalKey.of(data))
        .hasMessageContaining("it is not a key of 32 bytes in hex (2 bytes)");
  }

  @Test
  void sealedEventsComeBackAndShowNothing() {
    PersonalKey key = PersonalKey.of(data);
    byte[] sealed = key.payloads().seal(EVENT, RECEIVED);

    assertThat(new String(sealed, UTF_8)).doesNotContain("ada");
    assertThat(key.payloads().seal(EVENT, RECEIVED)).isEqualTo(sealed);
    assertThat(key.payloads().seal(EVENT, RECEIVED + 1)).isNotEqualTo(sealed);
    assertThat(key.payloads().open(sealed)).isEqualTo(EVENT);
  }

  @Test
  void whatWasNeverSealedIsTheEvent() {
    PayloadSeal seal = PersonalKey.of(data).payloads();
    byte[] pretends = "MRQ1 and more than thirty-six bytes that nobody has sealed".getBytes(UTF_8);

    assertThat(seal.open(EVENT)).isEqualTo(EVENT);
    assertThat(seal.open(pretends)).isEqualTo(pretends);
    assertThat(seal.open(new byte[0])).isEmpty();
  }

  @Test
  void aByteThatChangedIsNoticed() {
    PayloadSeal seal = PersonalKey.of(data).payloads();
    byte[] sealed = seal.seal(EVENT, RECEIVED);

    for (int i = 0; i < sealed.length; i++) {
      byte[] damaged = Arrays.copyOf(sealed, sealed.length);
      damaged[i] ^= 1;
      assertThat(seal.open(damaged)).isEqualTo(damaged);
    }
  }
}
