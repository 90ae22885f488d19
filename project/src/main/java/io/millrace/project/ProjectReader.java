package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.PropertiesReader.Described;
import io.millrace.project.PropertiesReader.WrittenUnitTest;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import io.millrace.project.yaml.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a project directory: {@code millrace.yaml}, {@code streams/*.yaml}, {@code
 * models/<layer>/*.sql} with dbt's properties files beside them, {@code calendars/*.yaml}, {@code
 * seeds/*.csv}, {@code tests/*.sql}, {@code balances/*.yaml}, {@code reports/*.yaml} and {@code
 * practice/*.yaml}. It says everything that is wrong at once.
 */
public final class ProjectReader {

  static final Path MAIN_FILE = Path.of("millrace.yaml");

  private static final String REJECTED = "_rejected";

  /** So long that the names of the stream's tables are no longer than a name may be. */
  static final int MAX_STREAM_LENGTH = Identifiers.MAX_LENGTH - REJECTED.length();

  private final Path directory;
  private final ProjectFiles files;
  private final Tables tables;
  private final SqlChecker sql;
  private final Optional<DbtReader> dbt;

  private ProjectReader(
      Path directory, ProjectFiles files, Optional<SqlReader> sql, Optional<DbtReader> dbt) {
    this.dbt = dbt;
    this.directory = directory;
    this.files = files;
    this.tables = new Tables(files);
    this.sql = new SqlChecker(sql, tables);
  }

  /** Reads all but what is inside SQL. */
  public static Reading read(Path directory) {
    return read(directory, Optional.empty(), Optional.empty());
  }

  /** Reads all, and checks that SQL reads tables that there are. */
  public static Reading read(Path directory, SqlReader sql) {
    return read(directory, Optional.of(sql), Optional.empty());
  }

  /** Reads all, also of a project written for dbt. */
  public static Reading read(Path directory, SqlReader sql, Templates templates) {
    return read(directory, Optional.of(sql), Optional.of(templates));
  }

  /** The project, or one exception that says everything that is wrong. */
  public static Project load(Path directory) {
    return read(directory).orThrow();
  }

  /** The project with its models checked, or one exception that says everything that is wrong. */
  public static Project load(Path directory, SqlReader sql) {
    return read(directory, sql).orThrow();
  }

  /** The same, also of a project written for dbt. */
  public static Project load(Path directory, SqlReader sql, Templates templates) {
    return read(directory, sql, templates).orThrow();
  }

  /** A contract by its text, as it was accepted once. */
  public static StreamContract contract(String stream, String text) {
    Flaws flaws = new Flaws();
    return YamlText.parse(text, flaws)
        .flatMap(document -> ContractReader.read(stream, document, flaws))
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot read the accepted contract of '%s': %s"
                        .formatted(stream, flaws.found())));
  }

  private static Reading read(
      Path directory, Optional<SqlReader> sql, Optional<Templates> templates) {
    Path absolute = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      return new Reading.Flawed(
          List.of(
              new Problem(
                  absolute,
                  0,
                  "there is no such directory",
                  "name a directory with a millrace.yaml")));
    }
    ProjectFiles files = new ProjectFiles(absolute);
    files.find();
    Optional<DbtReader> dbt =
        files.areOfDbt()
            ? templates.flatMap(it -> DbtReader.read(absolute, files, it))
            : Optional.empty();
    return new ProjectReader(absolute, files, sql, dbt).read();
  }

  private Reading read() {
    Optional<Values> main = main();
    SortedMap<String, StreamContract> streams = streams();
    PropertiesReader properties = new PropertiesReader(files, tables, sql);
    properties.read();
    SortedMap<TableName, Model> models =
        new ModelsReader(files, sql, properties.described()).read();
    List<DataTest> tests = new ArrayList<>(properties.tests());
    BuildOrder order = new BuildOrder(models);
    tests.addAll(new SingularTestReader(files, tables, sql, order).read());
    tests.addAll(historyTests(models, properties.described()));
    dbt.ifPresent(it -> addTests(it, order, tests));
    Map<String, String> testNames = new HashMap<>();
    tests.forEach(test -> checkName(test.name(), test.file(), test.line(), testNames));
    Project project =
        new Project(
            main.flatMap(values -> values.find(SettingsShape.NAME))
                .or(() -> dbt.map(DbtReader::name))
                .orElseGet(this::directoryName),
            directory,
            main.flatMap(values -> values.find(SettingsShape.SETTINGS_KEY))
                .orElse(Settings.DEFAULTS),
            streams,
            models,
            tests,
            unitTests(properties.unitTests(), models),
            balances(),
            reports(),
            questions(),
            main.flatMap(SettingsShape::roles).orElse(Roles.DEFAULTS));
    checkInputs(project, properties.described());
    if (files.problems().isEmpty()) {
      TestOrder.check(project, files);
    }
    List<Problem> problems = files.problems();
    return problems.isEmpty() ? new Reading.Sound(project) : new Reading.Flawed(problems);
  }

  private void addTests(DbtReader reader, BuildOrder order, List<DataTest> tests) {
    tests.addAll(new DbtTests(reader, files, tables, sql).read(files.rendered().tests()));
    List<DataTest> named = DbtTests.named(tests);
    tests.clear();
    named.forEach(test -> tests.add(DbtTests.whenAllIsBuilt(test, order)));
  }

  /** What every history must be, without a word in a properties file. */
  private List<DataTest> historyTests(
      SortedMap<TableName, Model> models, Map<TableName, Described> described) {
    List<DataTest> tests = new ArrayList<>();
    for (Model model : models.values()) {
      if (model.materialization() instanceof Materialization.History history) {
        Described said = described.get(model.name());
        tests.add(
            new DataTest(
                "history_of_" + tables.shortName(model.name()),
                model.name(),
                new DataTest.Check.Versions(history.dimension()),
                DataTest.Severity.ERROR,
                Optional.empty(),
                said.file(),
                said.config().map(ModelConfig::line).orElse(0)));
      }
    }
    return tests;
  }

  private String directoryName() {
    return directory.getFileName() == null ? "millrace" : directory.getFileName().toString();
  }

  private Optional<Values> main() {
    if (!files.exists(MAIN_FILE)) {
      if (files.areOfDbt()) {
        return Optional.empty();
      }
      files.report(
          MAIN_FILE,
          "the file is missing",
          files.exists(Path.of("millrace.yml"))
              ? "rename millrace.yml"
              : "create it; it may be empty");
      return Optional.empty();
    }
    return files
        .yaml(MAIN_FILE)
        .map(document -> document.isNull() ? new Yaml.Mapping(1, List.of()) : document)
        .flatMap(document -> SettingsShape.MAIN.read(document, files.flaws(MAIN_FILE)));
  }

  private SortedMap<String, StreamContract> streams() {
    SortedMap<String, StreamContract> streams = new TreeMap<>();
    files
        .streams()
        .forEach(
            (name, file) -> {
              files
                  .yaml(file)
                  .flatMap(document -> ContractReader.read(name, document, files.flaws(file)))
                  .ifPresent(read -> streams.put(name, read));
              checkCollision(name, file);
            });
    return streams;
  }

  /** Kafka refuses two topics whose names differ in '.' and '_' alone. */
  private void checkCollision(String name, Path file) {
    String table = TableName.bronze(name).name();
    for (String other : files.streams().keySet()) {
      String others = TableName.bronze(other).name();
      boolean isRejected = table.equals(others + REJECTED);
      if (isRejected || (!name.contains("@") && !name.equals(other) && table.equals(others))) {
        files.report(
            file,
            "the name '%s' collides with %s '%s'"
                .formatted(name, isRejected ? "what is rejected from" : "the tables of", other),
            "give one of the streams another name");
      }
    }
  }

  private List<UnitTest> unitTests(
      List<WrittenUnitTest> written, SortedMap<TableName, Model> models) {
    UnitTestReader reader = new UnitTestReader(files, tables, sql, models);
    Map<String, String> names = new HashMap<>();
    List<UnitTest> tests = new ArrayList<>();
    for (WrittenUnitTest test : written) {
      reader.read(test).ifPresent(tests::add);
      test.values()
          .value()
          .find(PropertiesShape.UNIT_TEST_NAME)
          .ifPresent(name -> checkName(name, test.file(), test.values().line(), names));
    }
    return tests;
  }

  private void checkName(String name, Path file, int line, Map<String, String> places) {
    String place = places.putIfAbsent(name, file + ":" + line);
    if (place != null) {
      files
          .flaws(file)
          .add(
              line,
              "the test '" + name + "' was there before, in " + place,
              "give one of them another name");
    }
  }

  private SortedMap<String, Balance> balances() {
    return each(
        files.balances(),
        (name, file, document) -> BalanceReader.read(name, file, document, sql, files.flaws(file)));
  }

  private SortedMap<String, Report> reports() {
    return each(
        files.reports(),
        (name, file, document) -> ReportReader.read(name, file, document, sql, files.flaws(file)));
  }

  /** What can be read of some files, by their names. */
  private <T> SortedMap<String, T> each(SortedMap<String, Path> paths, OneReader<T> reader) {
    SortedMap<String, T> all = new TreeMap<>();
    paths.forEach(
        (name, file) ->
            files
                .yaml(file)
                .flatMap(document -> reader.read(name, file, document))
                .ifPresent(it -> all.put(name, it)));
    return all;
  }

  private interface OneReader<T> {

    Optional<T> read(String name, Path file, Yaml document);
  }

  private List<Question> questions() {
    Map<String, String> places = new HashMap<>();
    List<Question> questions = new ArrayList<>();
    for (Path file : files.practice().values()) {
      files
          .yaml(file)
          .ifPresent(
              document ->
                  questions.addAll(
                      QuestionReader.read(file, document, sql, places, files.flaws(file))));
    }
    return questions;
  }

  /** Needs a contract and a config of every table, lest it says what follows from other flaws. */
  private void checkInputs(Project project, Map<TableName, Described> described) {
    boolean complete =
        project.streams().size() == files.streams().size()
            && project.models().size() == files.models().size() + files.seeds().size()
            && described.values().stream().allMatch(said -> said.config().isPresent());
    if (!complete || sql.reader().isEmpty()) {
      return;
    }
    described.forEach(
        (table, said) -> {
          Flaws flaws = files.flaws(said.file());
          InputChecks.check(
              project, project.models().get(table), said.config().orElseThrow(), flaws);
        });
  }
}
