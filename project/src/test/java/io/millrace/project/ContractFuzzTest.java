package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.project.yaml.Flaw;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Yaml;
import io.millrace.project.yaml.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Any text at all as a contract and as settings: it is read, or flaws with a line and a remedy say
 * why not; nothing else happens. Plain tests run it on the kept inputs; {@code -Pfuzz} looks for
 * others.
 */
class ContractFuzzTest {

  @FuzzTest(maxDuration = "", maxExecutions = 500_000)
  @DictionaryFile(resourcePath = "contract.dict")
  void isReadOrSaysWhyNot(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Flaws flaws = new Flaws();
    Optional<Yaml> document = YamlText.parse(text, flaws);
    Optional<StreamContract> contract =
        document.flatMap(yaml -> ContractReader.read("clicks", yaml, flaws));
    assertThat(contract.isPresent()).isEqualTo(flaws.isEmpty());
    requireSentences(flaws, text);

    Flaws ofSettings = new Flaws();
    var settings = document.flatMap(yaml -> SettingsShape.PROJECT.read(yaml, ofSettings));
    assertThat(settings.isPresent() || !ofSettings.isEmpty() || document.isEmpty()).isTrue();
    requireSentences(ofSettings, text);
  }

  private static void requireSentences(Flaws flaws, String text) {
    long lines = text.lines().count() + 1;
    for (Flaw flaw : flaws.found()) {
      assertThat((long) flaw.line()).as(flaw::toString).isBetween(0L, lines);
      assertThat(flaw.what()).as(flaw::toString).isNotBlank();
      assertThat(flaw.remedy()).as(flaw::toString).isNotBlank();
    }
  }
}
