package io.millrace.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What holds for decision records: numbered without gaps, and each with the same four headings. */
public final class DecisionRules {

  public static final List<String> HEADINGS =
      List.of("## Context", "## Decision", "## What we gave up", "## What would reopen it");

  private DecisionRules() {}

  /** Checks the files {@code docs/decisions/NNNN-title.md}, all of them together. */
  public static List<Finding> check(List<TextFile> records) {
    List<Finding> findings = new ArrayList<>();
    List<TextFile> inOrder = records.stream().sorted(Comparator.comparing(TextFile::name)).toList();
    for (int i = 0; i < inOrder.size(); i++) {
      TextFile record = inOrder.get(i);
      String number = "%04d".formatted(i + 1);
      if (!record.name().matches(number + "-[a-z0-9-]+\\.md")) {
        findings.add(
            record.finding(
                1, "is the record after %04d; name it %s-title.md".formatted(i, number)));
      }
      if (!record.text().startsWith("# " + number + " ")) {
        findings.add(record.finding(1, "must begin with '# " + number + " ' and its title"));
      }
      List<String> headings =
          record.lines().stream().filter(line -> line.startsWith("## ")).toList();
      if (!headings.equals(HEADINGS)) {
        findings.add(record.finding(1, "must have the headings " + String.join(", ", HEADINGS)));
      }
    }
    return findings;
  }
}
