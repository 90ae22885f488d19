package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MarkdownRulesTest {

  private static final TextFile WORDS = TextFile.of("docs/words.md", "# Words\n\n## Event time\n");

  @Test
  void followsLinksToFilesFoldersAndHeadings() {
    assertThat(
            links(
                "[words](words.md) [time](words.md#event-time) [folder](../docs) [site](https://a.example)\n"))
        .isEmpty();
  }

  @Test
  void namesTheLineOfALinkThatLeadsNowhere() {
    assertThat(links("# Start\n\nSee [words](wrds.md).\n"))
        .containsExactly("docs/start.md:3: 'wrds.md' leads nowhere; mend it");
    assertThat(links("See [time](words.md#time).\n"))
        .containsExactly("docs/start.md:1: 'words.md#time' names no heading there; mend it");
  }

  @Test
  void leavesCodeAlone() {
    assertThat(links("`[a](b.md)`\n\n```\n[a](b.md)\n```\n\n    [a](b.md)\n")).isEmpty();
  }

  @Test
  void wantsEveryPageInTheIndex() {
    TextFile index = TextFile.of("docs/README.md", "[start](start.md)\n");
    TextFile start = TextFile.of("docs/start.md", "# Start\n");
    TextFile outside = TextFile.of("core/README.md", "# core\n");
    assertThat(MarkdownRules.index(index, List.of(index, start, WORDS, outside)))
        .extracting(Finding::toString)
        .containsExactly("docs/words.md:1: is not linked from docs/README.md; add it there");
  }

  private static List<String> links(String text) {
    List<TextFile> pages = List.of(TextFile.of("docs/start.md", text), WORDS);
    Set<Path> files = pages.stream().map(TextFile::path).collect(Collectors.toSet());
    return MarkdownRules.links(pages, files).stream().map(Finding::toString).toList();
  }
}
