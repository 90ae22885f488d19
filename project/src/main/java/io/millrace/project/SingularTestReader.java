package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.DataTest.Check;
import io.millrace.project.DataTest.Severity;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Placed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads dbt's singular tests: files under {@code tests/}, each a SELECT of the rows that are wrong.
 */
final class SingularTestReader {

  private static final Pattern OF = Pattern.compile("--\\s*test of:\\s*(\\S+)\\s*");
  private static final Pattern SEVERITY = Pattern.compile("--\\s*severity:\\s*(\\S+)\\s*");

  private final ProjectFiles files;
  private final Tables tables;
  private final SqlChecker sql;
  private final BuildOrder order;
  private final List<DataTest> tests = new ArrayList<>();

  SingularTestReader(ProjectFiles files, Tables tables, SqlChecker sql, BuildOrder order) {
    this.order = order;
    this.files = files;
    this.tables = tables;
    this.sql = sql;
  }

  /** The tests; without a reader of SQL, only those that say what they test. */
  List<DataTest> read() {
    files
        .tests()
        .forEach((name, file) -> files.sql(name, file).ifPresent(text -> read(name, file, text)));
    return tests;
  }

  private void read(String name, Path file, String text) {
    Flaws flaws = files.flaws(file);
    if (ModelsReader.isWithoutSql(text)) {
      flaws.add(0, "the file has no SQL", "write one SELECT of the rows that are wrong");
      return;
    }
    int before = flaws.found().size();
    Set<TableName> reads = sql.reads(text, 1, flaws);
    Severity severity = severity(text, flaws);
    Optional<Placed<String>> of = line(OF, text);
    Optional<TableName> table =
        of.isPresent()
            ? tables.built(of.get(), "model", flaws)
            : only(reads, flaws).filter(read -> flaws.found().size() == before);
    table.ifPresent(
        tested ->
            tests.add(
                new DataTest(
                    name,
                    tested,
                    new Check.Sql(text, reads),
                    severity,
                    Optional.empty(),
                    file,
                    1)));
  }

  private static Severity severity(String text, Flaws flaws) {
    Optional<Placed<String>> written = line(SEVERITY, text);
    if (written.isEmpty() || written.get().value().equals("error")) {
      return Severity.ERROR;
    }
    if (!written.get().value().equals("warn")) {
      flaws.add(
          written.get().line(),
          "severity '" + written.get().value() + "' is not known",
          NearMatch.remedy(List.of("error", "warn"), written.get().value()));
    }
    return Severity.WARN;
  }

  private Optional<TableName> only(Set<TableName> reads, Flaws flaws) {
    List<TableName> built = reads.stream().filter(tables::isBuilt).toList();
    if (built.size() == 1) {
      return Optional.of(built.get(0));
    }
    if (built.size() > 1 && files.areOfDbt()) {
      return order.last(built);
    }
    if (sql.reader().isPresent() && flaws.isEmpty()) {
      flaws.add(
          0,
          built.isEmpty()
              ? "the test reads no model"
              : "the test reads several models ("
                  + built.stream().map(TableName::toString).collect(Collectors.joining(", "))
                  + ")",
          "say which one it is of: -- test of: layer.name");
    }
    return Optional.empty();
  }

  /** What a line of the comments says, with the line. */
  private static Optional<Placed<String>> line(Pattern pattern, String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = pattern.matcher(lines.get(i).strip());
      if (matcher.matches()) {
        return Optional.of(new Placed<>(matcher.group(1), i + 1));
      }
    }
    return Optional.empty();
  }
}
