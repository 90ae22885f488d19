package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextRulesTest {

  @Test
  void findsNothingInATidyText() {
    assertThat(found("One line.\nAnother: docs/work/rules, https://a.example/farm.\n")).isEmpty();
  }

  @Test
  void findsFoldersOfOneMachine() {
    String advice = "names a folder of one machine; write a path that everybody has";
    for (String folder :
        List.of("/work" + "/x", "(/farm" + "/x)", ".." + "/shared", "/root" + "/x")) {
      assertThat(found("See:\n" + folder + "\n")).containsExactly("a.md:2: " + advice);
    }
  }

  @Test
  void findsWorkThatIsLeftForLater() {
    assertThat(found("// TO" + "DO count\n"))
        .containsExactly("a.md:1: leaves work for later; do it now, or describe it in an issue");
  }

  @Test
  void findsWhiteSpaceThatNobodySees() {
    assertThat(found("a \nb\n")).containsExactly("a.md:1: ends in white space; remove it");
    assertThat(found("a\tb\n")).containsExactly("a.md:1: holds a tab; use spaces");
    assertThat(found("a\nb")).containsExactly("a.md:2: does not end in a line break; add one");
  }

  private static List<String> found(String text) {
    return TextRules.check(TextFile.of("a.md", text)).stream().map(Finding::toString).toList();
  }
}
