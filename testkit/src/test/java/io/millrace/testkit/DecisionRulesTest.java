package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionRulesTest {

  private static final String BODY = "\n\n" + String.join("\n\nText.\n\n", DecisionRules.HEADINGS);

  @Test
  void acceptsRecordsInOrder() {
    assertThat(found(record("0001-a"), record("0002-b"))).isEmpty();
  }

  @Test
  void findsAGapInTheNumbers() {
    assertThat(found(record("0001-a"), record("0003-b")))
        .containsExactly(
            "docs/decisions/0003-b.md:1: is the record after 0001; name it 0002-title.md",
            "docs/decisions/0003-b.md:1: must begin with '# 0002 ' and its title");
  }

  @Test
  void findsAMissingHeading() {
    TextFile record = TextFile.of("docs/decisions/0001-a.md", "# 0001 A\n\n## Context\n");
    assertThat(found(record))
        .containsExactly(
            "docs/decisions/0001-a.md:1: must have the headings ## Context, ## Decision, "
                + "## What we gave up, ## What would reopen it");
  }

  private static TextFile record(String name) {
    return TextFile.of(
        "docs/decisions/" + name + ".md", "# " + name.substring(0, 4) + " Title" + BODY);
  }

  private static List<String> found(TextFile... records) {
    return DecisionRules.check(List.of(records)).stream().map(Finding::toString).toList();
  }
}
