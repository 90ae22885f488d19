package io.millrace.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arrows between modules, as two tables of ARCHITECTURE.md draw them: "module, may know" and
 * "library, known by". A row has a name in its first cell and the names of modules in its second.
 *
 * @param headings the modules that have a heading of their own, in order
 * @param mayKnow the modules each module may know
 * @param knownBy the modules that may know each library; libraries not named are free
 */
public record Architecture(
    List<String> headings, Map<String, Set<String>> mayKnow, Map<String, Set<String>> knownBy) {

  private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\|([^|]*)\\|.*");
  private static final Pattern NAME = Pattern.compile("`([a-z]+)`");
  private static final Pattern HEADING = Pattern.compile("^### `([a-z]+)`.*");

  public static Architecture of(Repository repository) {
    return of(repository.text(Path.of("ARCHITECTURE.md")));
  }

  static Architecture of(TextFile page) {
    List<String> headings = new ArrayList<>();
    Map<String, Set<String>> mayKnow = new LinkedHashMap<>();
    Map<String, Set<String>> knownBy = new LinkedHashMap<>();
    Map<String, Set<String>> table = new LinkedHashMap<>();
    for (String line : page.lines()) {
      Matcher row = ROW.matcher(line);
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        headings.add(heading.group(1));
      } else if (line.equals("| module | may know |")) {
        table = mayKnow;
      } else if (line.equals("| library | known by |")) {
        table = knownBy;
      } else if (row.matches()) {
        table.put(row.group(1), names(row.group(2)));
      } else if (!line.startsWith("|")) {
        table = new LinkedHashMap<>();
      }
    }
    return new Architecture(
        List.copyOf(headings),
        Collections.unmodifiableMap(mayKnow),
        Collections.unmodifiableMap(knownBy));
  }

  private static Set<String> names(String cell) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(cell).results().forEach(name -> names.add(name.group(1)));
    return Collections.unmodifiableSet(names);
  }
}
