package io.millrace.project;

import io.millrace.project.yaml.Flaw;
import io.millrace.project.yaml.Flaws;
import java.util.List;
import java.util.stream.IntStream;

/** Places in the SQL that a template makes, as places in the template. */
final class RenderedSql {

  private final List<String> template;
  private final List<String> made;

  RenderedSql(String template, String made) {
    this.template = template.lines().map(String::strip).toList();
    this.made = made.lines().map(String::strip).toList();
  }

  /** Tells of flaws of the SQL where its text stands in the template, or by quoting it. */
  void tell(Flaws ofSql, Flaws ofFile) {
    for (Flaw flaw : ofSql.found()) {
      int line = line(flaw.line());
      boolean quoted = line == 0 && flaw.line() > 0 && flaw.line() <= made.size();
      ofFile.add(
          line,
          quoted
              ? "%s, in line %d of what the template makes: %s"
                  .formatted(flaw.what(), flaw.line(), made.get(flaw.line() - 1))
              : flaw.what(),
          flaw.remedy());
    }
  }

  /** The line of the template that has this text; 0 if none or several have it. */
  private int line(int inMade) {
    if (inMade < 1 || inMade > made.size()) {
      return 0;
    }
    String text = made.get(inMade - 1);
    if (inMade <= template.size() && template.get(inMade - 1).equals(text)) {
      return inMade;
    }
    int[] places =
        IntStream.range(0, template.size()).filter(i -> template.get(i).equals(text)).toArray();
    return places.length == 1 && !text.isEmpty() ? places[0] + 1 : 0;
  }
}
