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
 * The arrows between modules, as the tables of ARCHITECTURE.md draw them. A table's row has a name
 * in its first cell and the names of modules in its second: a module and what it may know, or a
 * library's package and who may know it.
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
    for (String line : page.lines()) {
      Matcher row = ROW.matcher(line);
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        headings.add(heading.group(1));
      } else if (row.matches()) {
        boolean library = row.group(1).contains(".");
        (library ? knownBy : mayKnow).put(row.group(1), names(row.group(2)));
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
