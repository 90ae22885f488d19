package io.millrace.serve;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Batches;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Selection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which models, and which time, a person means. */
final class Asked {

  private Asked() {}

  /** The tables that are selected; views among them are not built. */
  static SortedSet<TableName> tables(
      Project project, Optional<String> select, Optional<String> exclude) {
    Selection selection = select.map(Selection::parse).orElse(Selection.ALL);
    Selection rest = exclude.map(selection::excluding).orElse(selection);
    SortedSet<TableName> tables =
        rest.among(project).stream()
            .filter(name -> project.models().get(name).isTable())
            .collect(Collectors.toCollection(TreeSet::new));
    if (tables.isEmpty()) {
      throw MillraceException.caller(
          "Cannot build %s: %s"
              .formatted(
                  select.map("'%s'"::formatted).orElse("the models of the project"),
                  project.models().values().stream().anyMatch(Model::isTable)
                      ? "only views are selected, and they are not kept"
                      : "it has none that are kept as tables"));
    }
    return tables;
  }

  /**
   * From one moment up to, and without, another; open where there is none. A day is one of the time
   * zone that all the tables are built in; if they differ, of UTC.
   */
  static Interval span(
      Project project, Set<TableName> tables, Optional<String> from, Optional<String> to) {
    Set<ZoneId> zones =
        tables.stream()
            .flatMap(table -> Builds.batches(project.model(table)).stream())
            .map(Batches::zone)
            .collect(Collectors.toSet());
    ZoneId zone = zones.size() == 1 ? zones.iterator().next() : ZoneOffset.UTC;
    Instant start = from.map(text -> moment("from", text, zone)).orElse(Instant.MIN);
    Instant end = to.map(text -> moment("to", text, zone)).orElse(Instant.MAX);
    if (!start.isBefore(end)) {
      throw MillraceException.caller(
          "Cannot build from '%s' to '%s': the end is not after the start"
              .formatted(from.orElse(""), to.orElse("")));
    }
    return new Interval(start, end);
  }

  private static Instant moment(String what, String text, ZoneId zone) {
    try {
      return text.length() == "2026-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw MillraceException.caller(
          "Cannot read '%s' as '%s': write a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z"
              .formatted(text, what),
          e);
    }
  }
}
