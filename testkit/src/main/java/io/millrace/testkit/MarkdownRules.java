package io.millrace.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What holds for the pages of the repository: links lead somewhere, and pages can be found. */
public final class MarkdownRules {

  /** A link, or an image, in the form {@code [text](target)}. */
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`|^ {4,}[^\n]*$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");

  private MarkdownRules() {}

  /**
   * Follows the links of every page that stay inside the repository.
   *
   * @param files every file, relative to the root
   */
  public static List<Finding> links(List<TextFile> pages, Set<Path> files) {
    Map<Path, TextFile> byPath =
        pages.stream().collect(Collectors.toMap(TextFile::path, page -> page));
    List<Finding> findings = new ArrayList<>();
    for (TextFile page : pages) {
      for (Link link : linksOf(page)) {
        if (!leadsToAFile(link.target(), files)) {
          findings.add(page.finding(link.line(), "'" + link.text() + "' leads nowhere; mend it"));
        } else if (!link.anchor().isEmpty()
            && byPath.containsKey(link.target())
            && !anchorsOf(byPath.get(link.target())).contains(link.anchor())) {
          findings.add(
              page.finding(link.line(), "'" + link.text() + "' names no heading there; mend it"));
        }
      }
    }
    return findings;
  }

  /** Every page under the folder of an index is linked from it. */
  public static List<Finding> index(TextFile index, List<TextFile> pages) {
    Set<Path> linked = linksOf(index).stream().map(Link::target).collect(Collectors.toSet());
    return pages.stream()
        .filter(page -> page.path().startsWith(index.path().getParent()))
        .filter(page -> !page.path().equals(index.path()) && !linked.contains(page.path()))
        .map(page -> page.finding(1, "is not linked from " + index.path() + "; add it there"))
        .toList();
  }

  private static boolean leadsToAFile(Path target, Set<Path> files) {
    return target.toString().isEmpty()
        || files.stream().anyMatch(file -> file.equals(target) || file.startsWith(target));
  }

  private record Link(int line, String text, Path target, String anchor) {}

  private static List<Link> linksOf(TextFile page) {
    // Blanked, not removed, so that offsets and lines stay what they are.
    String prose =
        CODE.matcher(page.text()).replaceAll(code -> code.group().replaceAll("[^\n]", " "));
    List<Link> links = new ArrayList<>();
    Matcher matcher = LINK.matcher(prose);
    while (matcher.find()) {
      String text = matcher.group(1);
      if (text.matches("[a-z]+:.*")) {
        continue;
      }
      int hash = text.indexOf('#');
      String file = hash < 0 ? text : text.substring(0, hash);
      Path target = file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
      String anchor = hash < 0 ? "" : text.substring(hash + 1);
      links.add(new Link(page.lineAt(matcher.start()), text, target, anchor));
    }
    return links;
  }

  /** The anchors that headings get where the pages are shown: lower case, dashes for spaces. */
  private static Set<String> anchorsOf(TextFile page) {
    return HEADING
        .matcher(page.text())
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").strip().replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
