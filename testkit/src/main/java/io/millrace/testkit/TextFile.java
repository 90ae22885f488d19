package io.millrace.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the repository and its text.
 *
 * @param path relative to the root
 */
public record TextFile(Path path, String text) {

  public static TextFile of(String path, String text) {
    return new TextFile(Path.of(path), text);
  }

  public String name() {
    return path.getFileName().toString();
  }

  public List<String> lines() {
    return text.lines().toList();
  }

  public Finding finding(int line, String advice) {
    return new Finding(path, line, advice);
  }

  /** One finding for each match, on the line where the match begins. */
  List<Finding> find(Pattern pattern, String advice) {
    List<Finding> findings = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      findings.add(finding(lineAt(matcher.start()), advice));
    }
    return findings;
  }

  int lineAt(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }
}
