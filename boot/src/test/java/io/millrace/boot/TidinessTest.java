package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Architecture;
import io.millrace.testkit.DecisionRules;
import io.millrace.testkit.Finding;
import io.millrace.testkit.JavaRules;
import io.millrace.testkit.MarkdownRules;
import io.millrace.testkit.Pom;
import io.millrace.testkit.Repository;
import io.millrace.testkit.TextFile;
import io.millrace.testkit.TextRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the repository itself to the rules of STYLE.md. */
class TidinessTest {

  private static final int MAX_README_LINES = 15;

  private final Repository repository = Repository.here();

  @Test
  void javaIsTidy() {
    assertNone(repository.texts(".java").stream().map(JavaRules::check).toList());
  }

  @Test
  void textIsTidy() {
    List<TextFile> texts =
        repository.texts(
            ".java",
            ".md",
            ".yaml",
            ".yml",
            ".sql",
            ".xml",
            ".html",
            ".css",
            ".js",
            ".json",
            ".sh",
            ".properties",
            ".jte",
            "millrace",
            ".ci/run",
            ".gitignore",
            "NOTICE");
    assertNone(texts.stream().map(TextRules::check).toList());
  }

  @Test
  void linksLeadSomewhere() {
    Set<Path> files = new HashSet<>(repository.files());
    assertNone(List.of(MarkdownRules.links(repository.texts(".md"), files)));
  }

  @Test
  void everyPageIsInTheIndex() {
    TextFile index = repository.text(Path.of("docs/README.md"));
    assertNone(List.of(MarkdownRules.index(index, repository.texts(".md"))));
  }

  @Test
  void decisionsAreRecordedAlike() {
    List<TextFile> records =
        repository.texts(".md").stream()
            .filter(page -> page.path().startsWith("docs/decisions"))
            .toList();
    assertThat(records).isNotEmpty();
    assertNone(List.of(DecisionRules.check(records)));
  }

  @Test
  void glossaryHasEachWordOnceAndInOrder() {
    List<String> words =
        Pattern.compile("(?m)^\\*\\*([^*]+)\\.\\*\\*")
            .matcher(repository.text(Path.of("docs/glossary.md")).text())
            .results()
            .map(word -> word.group(1).toLowerCase(Locale.ROOT))
            .toList();
    assertThat(words).isNotEmpty().isSorted().doesNotHaveDuplicates();
  }

  @Test
  void everyModuleHasAShortReadme() {
    List<Finding> findings = new ArrayList<>();
    for (String module : modules()) {
      Path readme = Path.of(module, "README.md");
      if (!repository.files().contains(readme)) {
        findings.add(
            new Finding(readme, 1, "is missing; say what the module is and must not know"));
      } else if (repository.text(readme).lines().size() > MAX_README_LINES) {
        findings.add(
            new Finding(readme, MAX_README_LINES, "is longer than that; move the rest to docs/"));
      }
    }
    assertNone(List.of(findings));
  }

  @Test
  void architectureHasEveryModuleAndNoOther() {
    Architecture architecture = Architecture.of(repository);
    assertThat(architecture.headings())
        .as("headings of ARCHITECTURE.md")
        .containsExactlyInAnyOrderElementsOf(modules());
    assertThat(architecture.mayKnow().keySet())
        .as("the table of arrows in ARCHITECTURE.md")
        .containsExactlyInAnyOrderElementsOf(modules());
  }

  @Test
  void pomsAskForNothingTheArrowsForbid() {
    Architecture architecture = Architecture.of(repository);
    List<Finding> findings = new ArrayList<>();
    architecture
        .mayKnow()
        .forEach(
            (module, allowed) -> {
              Path file = Path.of(module, "pom.xml");
              for (String known : Pom.of(repository, file).knows()) {
                if (!allowed.contains(known)) {
                  findings.add(
                      new Finding(
                          file, 1, "asks for '" + known + "', which ARCHITECTURE.md forbids"));
                }
              }
            });
    assertNone(List.of(findings));
  }

  /** Islands are modules of the build, but hold no code. */
  private List<String> modules() {
    return Pom.of(repository, Path.of("pom.xml")).modules().stream()
        .filter(module -> !module.contains("/"))
        .toList();
  }

  private static void assertNone(Collection<List<Finding>> findings) {
    List<Finding> all = findings.stream().flatMap(List::stream).toList();
    assertThat(all)
        .withFailMessage(
            () -> "Untidy:\n" + String.join("\n", all.stream().map(Finding::toString).toList()))
        .isEmpty();
  }
}
