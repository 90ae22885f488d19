package io.millrace.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.MacroFile;
import io.millrace.project.Templates.Macros;
import io.millrace.project.Templates.Rendered;
import io.millrace.project.Templates.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Any text at all as a template and as a file of macros: it becomes a text that says nothing of
 * Java, or it is refused with a line and a sentence. Plain tests run it on the kept inputs; {@code
 * -Pfuzz} looks for others.
 */
class JinjaFuzzTest {

  private static final JinjaTemplates TEMPLATES = new JinjaTemplates(Map.of());
  private static final Path FILE = Path.of("models/x.sql");
  private static final Map<String, Object> NAMES =
      Map.of("ref", (Function) Arguments::inOrder, "target", Map.of("name", "prod"));

  @FuzzTest(maxDuration = "", maxExecutions = 400_000)
  @DictionaryFile(resourcePath = "jinja.dict")
  void isRenderedOrRefused(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Source source = new Source(FILE, 1, text);
    Macros macros = TEMPLATES.macros(List.of(new MacroFile("own", source)));
    macros.flaws().forEach(flaw -> requireSentence(flaw, text));
    Rendered rendered = macros.render(source, NAMES);
    if (rendered instanceof Rendered.Refused refused) {
      requireSentence(refused, text);
    } else {
      String made = ((Rendered.Text) rendered).text();
      for (String insides : List.of("com.hubspot", "io.millrace", "java.", "@")) {
        if (!text.contains(insides)) {
          assertThat(made).doesNotContain(insides);
        }
      }
    }
  }

  private static void requireSentence(Rendered.Refused refused, String text) {
    assertThat((long) refused.line()).as(refused::toString).isBetween(1L, text.lines().count() + 1);
    assertThat(refused.what()).isNotBlank();
    assertThat(refused.remedy()).isNotBlank();
  }
}
