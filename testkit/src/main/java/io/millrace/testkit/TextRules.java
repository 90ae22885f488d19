package io.millrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What holds for every text file of the repository. */
public final class TextRules {

  // Written so that this file keeps them itself.
  private static final Map<Pattern, String> UNWANTED =
      Map.of(
          Pattern.compile("(?<![a-zA-Z0-9_])/(work|farm)/|\\.\\./shared\\b|/roo[t]/"),
          "names a folder of one machine; write a path that everybody has",
          Pattern.compile("\\b(TOD[O]|FIXM[E])\\b"),
          "leaves work for later; do it now, or describe it in an issue");

  private static final Pattern TRAILING_SPACE = Pattern.compile("(?m)[ \\t]+$");
  private static final Pattern TAB = Pattern.compile("\t");

  private TextRules() {}

  public static List<Finding> check(TextFile file) {
    List<Finding> findings = new ArrayList<>();
    UNWANTED.forEach((pattern, advice) -> findings.addAll(file.find(pattern, advice)));
    findings.addAll(file.find(TRAILING_SPACE, "ends in white space; remove it"));
    findings.addAll(file.find(TAB, "holds a tab; use spaces"));
    if (!file.text().endsWith("\n")) {
      findings.add(file.finding(file.lines().size(), "does not end in a line break; add one"));
    }
    return findings;
  }
}
