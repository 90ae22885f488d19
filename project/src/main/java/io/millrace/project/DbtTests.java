package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.DataTest.Check;
import io.millrace.project.DataTest.Severity;
import io.millrace.project.DbtNames.Relation;
import io.millrace.project.DbtProperties.WrittenTest;
import io.millrace.project.Templates.Source;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes data tests of dbt's generic tests: those of macros, and those of sources. */
final class DbtTests {

  /** What a test says of itself, and not to its macro. */
  private static final Set<String> CONFIG =
      Stream.concat(
              Stream.of("name", "severity", "where", "enabled"), DataTestShape.UNUSED.stream())
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> REFUSED = Set.of("warn_if", "error_if", "fail_calc");

  private final DbtReader reader;
  private final ProjectFiles files;
  private final Tables tables;
  private final SqlChecker sql;

  DbtTests(DbtReader reader, ProjectFiles files, Tables tables, SqlChecker sql) {
    this.reader = reader;
    this.files = files;
    this.tables = tables;
    this.sql = sql;
  }

  static boolean isDisabled(Yaml arguments) {
    return flat(arguments).stream()
        .anyMatch(
            it ->
                it.key().equals("enabled")
                    && it.value() instanceof Yaml.Scalar scalar
                    && scalar.text().equalsIgnoreCase("false"));
  }

  /** A mapping without one of its keys, also in its {@code config}. */
  static Yaml without(Yaml node, String key) {
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml.Entry entry : YamlValues.entries(node)) {
      if (entry.key().equals("config")) {
        entries.add(new Yaml.Entry(entry.key(), entry.line(), without(entry.value(), key)));
      } else if (!entry.key().equals(key)) {
        entries.add(entry);
      }
    }
    return new Yaml.Mapping(node.line(), entries);
  }

  /** What stands beside {@code arguments} and {@code config}, and in them. */
  private static List<Yaml.Entry> flat(Yaml arguments) {
    List<Yaml.Entry> flat = new ArrayList<>();
    for (Yaml.Entry entry : YamlValues.entries(arguments)) {
      boolean block = Set.of("arguments", "config").contains(entry.key());
      if (block && entry.value() instanceof Yaml.Mapping mapping) {
        flat.addAll(mapping.entries());
      } else {
        flat.add(entry);
      }
    }
    return flat;
  }

  List<DataTest> read(List<WrittenTest> written) {
    List<DataTest> tests = new ArrayList<>();
    for (WrittenTest test : written) {
      boolean ours =
          (test.column().isPresent() ? DataTestShape.OF_COLUMN : DataTestShape.OF_MODEL)
              .containsKey(test.kind());
      (ours && !reader.hasTest(test.kind()) ? ofSource(test) : ofMacro(test)).ifPresent(tests::add);
    }
    return tests;
  }

  private Optional<DataTest> ofSource(WrittenTest test) {
    Flaws flaws = files.flaws(test.file());
    DataTestReader into =
        new DataTestReader(test.table(), Optional.empty(), test.file(), tables, sql, flaws);
    Yaml list =
        new Yaml.Sequence(
            test.line(),
            List.of(
                new Yaml.Mapping(
                    test.line(),
                    List.of(new Yaml.Entry(test.kind(), test.line(), test.arguments())))));
    return test.column()
        .map(
            column ->
                DataTestShape.COLUMN_TESTS
                    .read(list, flaws)
                    .flatMap(it -> it.stream().findFirst())
                    .flatMap(it -> into.ofColumn(column, it)))
        .orElseGet(
            () ->
                DataTestShape.MODEL_TESTS
                    .read(list, flaws)
                    .flatMap(it -> it.stream().findFirst())
                    .flatMap(into::ofTable));
  }

  private Optional<DataTest> ofMacro(WrittenTest test) {
    Flaws flaws = files.flaws(test.file());
    if (!reader.hasTest(test.kind())) {
      Set<String> known = new TreeSet<>(reader.testNames());
      known.addAll(DataTestShape.OF_COLUMN.keySet());
      known.addAll(DataTestShape.OF_MODEL.keySet());
      if (test.kind().contains(".")) {
        flaws.add(
            test.line(),
            "test '" + test.kind() + "' is not known",
            "put its package into dbt_packages/, as dbt deps does, or write the test as a macro");
      } else {
        flaws.unknown(test.line(), "test", test.kind(), known);
      }
      return Optional.empty();
    }
    Map<String, Object> config = new LinkedHashMap<>();
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (Yaml.Entry entry : flat(test.arguments())) {
      if (REFUSED.contains(entry.key())) {
        flaws.add(
            entry.line(),
            "key '" + entry.key() + "' is not supported",
            "write severity: warn, or a test in tests/ that says what is wrong");
        return Optional.empty();
      }
      (CONFIG.contains(entry.key()) ? config : arguments)
          .put(entry.key(), YamlValues.of(entry.value()));
    }
    return rendered(test, config, arguments)
        .map(
            text ->
                new DataTest(
                    Optional.ofNullable(config.get("name"))
                        .map(Object::toString)
                        .orElseGet(() -> name(test)),
                    test.table(),
                    new Check.Sql(text, reads(text, test, flaws)),
                    severity(config),
                    Optional.empty(),
                    test.file(),
                    test.line()));
  }

  /**
   * The test as one of the table that is built last of those it reads: dbt runs tests when all is
   * built, here they are run before a table is published.
   */
  static DataTest whenAllIsBuilt(DataTest test, BuildOrder order) {
    Set<TableName> after = new TreeSet<>(test.reads());
    after.removeIf(read -> !order.isAfter(read, test.table()));
    Set<TableName> tables = new TreeSet<>(test.reads());
    tables.add(test.table());
    TableName last = order.last(after).orElse(test.table());
    boolean later = !after.isEmpty();
    if (later && test.check() instanceof Check.Relationships check) {
      String where = test.where().map(it -> " WHERE (" + it + "\n)").orElse("");
      String select =
          "SELECT child.%s FROM (SELECT * FROM %s%s) AS child WHERE child.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s AS parent WHERE parent.%s = child.%s)"
              .formatted(
                  check.column(),
                  test.table(),
                  where,
                  check.column(),
                  check.to(),
                  check.field(),
                  check.column());
      return of(test, last, new Check.Sql(select, tables), Optional.empty());
    }
    return later && test.check() instanceof Check.Sql
        ? of(test, last, test.check(), test.where())
        : test;
  }

  /**
   * The tests, each with a name of its own: dbt tells those of one name apart by their arguments.
   */
  static List<DataTest> named(List<DataTest> tests) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<DataTest> named = new ArrayList<>();
    for (DataTest test : tests) {
      int count = counts.merge(test.name(), 1, Integer::sum);
      named.add(
          count == 1
              ? test
              : new DataTest(
                  test.name() + "_" + count,
                  test.table(),
                  test.check(),
                  test.severity(),
                  test.where(),
                  test.file(),
                  test.line()));
    }
    return named;
  }

  private static DataTest of(DataTest test, TableName table, Check check, Optional<String> where) {
    return new DataTest(
        test.name(), table, check, test.severity(), where, test.file(), test.line());
  }

  private Set<TableName> reads(String text, WrittenTest test, Flaws flaws) {
    Flaws found = new Flaws();
    Set<TableName> reads = sql.reads(text, 1, found);
    found
        .found()
        .forEach(
            flaw ->
                flaws.add(
                    test.line(),
                    "test '%s' makes SQL that cannot be used: %s"
                        .formatted(test.kind(), flaw.what()),
                    flaw.remedy()));
    return reads;
  }

  private static Severity severity(Map<String, Object> config) {
    return String.valueOf(config.get("severity")).equalsIgnoreCase("warn")
        ? Severity.WARN
        : Severity.ERROR;
  }

  private String name(WrittenTest test) {
    return test.kind().substring(test.kind().indexOf('.') + 1)
        + "_"
        + tables.shortName(test.table())
        + test.column().map(column -> "_" + column).orElse("");
  }

  private Optional<String> rendered(
      WrittenTest test, Map<String, Object> config, Map<String, Object> arguments) {
    Map<String, Object> names = new LinkedHashMap<>(reader.names());
    StringBuilder call = new StringBuilder("model=tested__");
    names.put(
        "tested__",
        config.containsKey("where")
            ? "(select * from %s where %s) as dbt_subquery"
                .formatted(test.table(), config.get("where"))
            : new Relation(test.table()));
    test.column().ifPresent(column -> arguments.putIfAbsent("column_name", column));
    arguments.forEach(
        (name, value) -> {
          names.put("argument__" + name, value);
          call.append(", ").append(name).append("=argument__").append(name);
        });
    int dot = test.kind().indexOf('.');
    String macro = test.kind().substring(0, dot + 1) + "test_" + test.kind().substring(dot + 1);
    Path file = test.file();
    return reader.render(new Source(file, test.line(), "{{ " + macro + "(" + call + ") }}"), names);
  }
}
