package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.TextFile;
import io.millrace.project.yaml.Yaml;
import io.millrace.project.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of a project directory by what they define, and what is wrong with each. A file that
 * nobody reads is wrong too. All paths are relative to the directory.
 */
final class ProjectFiles {

  static final List<String> LAYERS = List.of("silver", "gold");
  static final List<String> RESERVED_LAYERS = List.of("bronze", "quarantine", "ops");

  /** The layer of seeds that lie in no folder of a layer. */
  static final String SEED_LAYER = "silver";

  /** The layer of calendars. */
  static final String CALENDAR_LAYER = "gold";

  static final Path FIXTURES = Path.of("tests", "fixtures");

  private static final List<String> FOLDERS =
      List.of(
          "streams", "models", "seeds", "calendars", "tests", "balances", "reports", "practice");

  private static final List<String> PROPERTIES = List.of(".yml", ".yaml");

  private final Path directory;
  private final SortedMap<Path, Flaws> flaws = new TreeMap<>();
  private final SortedMap<String, Path> streams = new TreeMap<>();
  private final SortedMap<TableName, Path> models = new TreeMap<>();
  private final SortedMap<TableName, Path> seeds = new TreeMap<>();
  private final List<Path> properties = new ArrayList<>();
  private final SortedMap<String, Path> tests = new TreeMap<>();
  private final SortedMap<String, Path> fixtures = new TreeMap<>();
  private final SortedMap<String, Path> balances = new TreeMap<>();
  private final SortedMap<String, Path> reports = new TreeMap<>();
  private final SortedMap<String, Path> practice = new TreeMap<>();
  private final RenderedFiles rendered = new RenderedFiles();

  ProjectFiles(Path directory) {
    this.directory = directory;
  }

  /** Whether dbt's rules say what is in the folders of models, seeds and tests. */
  boolean areOfDbt() {
    return exists(DbtProject.FILE);
  }

  /** Looks for them; for those of a project written for dbt, {@link DbtReader} looks. */
  void find() {
    each(Path.of("streams"), this::findStream);
    if (!areOfDbt()) {
      each(Path.of(""), this::checkFolderName);
      each(Path.of("models"), entry -> inLayers(entry, false, this::findModel));
      each(Path.of("seeds"), entry -> inLayers(entry, true, this::findSeed));
      each(Path.of("tests"), this::findTest);
    }
    each(Path.of("calendars"), this::findCalendar);
    each(
        FIXTURES,
        file ->
            name(file, ".csv", ".sql")
                .ifPresent(name -> fixtures.put(file.getFileName().toString(), file)));
    each(
        Path.of("balances"),
        file -> name(file, ".yaml").ifPresent(name -> balances.put(name, file)));
    each(
        Path.of("reports"), file -> name(file, ".yaml").ifPresent(name -> reports.put(name, file)));
    each(
        Path.of("practice"),
        file -> name(file, ".yaml").ifPresent(name -> practice.put(name, file)));
  }

  SortedMap<String, Path> streams() {
    return streams;
  }

  /** Files of SQL, and calendars. */
  SortedMap<TableName, Path> models() {
    return models;
  }

  SortedMap<TableName, Path> seeds() {
    return seeds;
  }

  /** dbt's properties files, often called {@code schema.yml}. */
  List<Path> properties() {
    return properties;
  }

  SortedMap<String, Path> tests() {
    return tests;
  }

  /** By the name of the file. */
  SortedMap<String, Path> fixtures() {
    return fixtures;
  }

  SortedMap<String, Path> balances() {
    return balances;
  }

  SortedMap<String, Path> reports() {
    return reports;
  }

  /** Files of questions. */
  SortedMap<String, Path> practice() {
    return practice;
  }

  /** What is wrong with a file, to be added to. */
  Flaws flaws(Path file) {
    return flaws.computeIfAbsent(file, first -> new Flaws());
  }

  void report(Path file, String what, String remedy) {
    flaws(file).add(0, what, remedy);
  }

  /** What is wrong with all of them. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    flaws.forEach(
        (file, found) -> found.found().forEach(flaw -> problems.add(Problem.of(file, flaw))));
    return problems;
  }

  boolean exists(Path file) {
    return Files.exists(directory.resolve(file));
  }

  /** The text of a file, unless it has flaws that prevent it. */
  Optional<String> text(Path file) {
    return TextFile.read(directory.resolve(file), flaws(file));
  }

  Optional<Yaml> yaml(Path file) {
    return rendered
        .document(file)
        .or(() -> text(file).flatMap(text -> YamlText.parse(text, flaws(file))));
  }

  /** The SQL of a model or a test. */
  Optional<String> sql(String name, Path file) {
    return areOfDbt() ? rendered.sql(name) : text(file);
  }

  /** What templates have made of files. */
  RenderedFiles rendered() {
    return rendered;
  }

  /** The bytes a file has; 0 if nobody can say, as reading it then says why. */
  long size(Path file) {
    try {
      return Files.size(directory.resolve(file));
    } catch (IOException e) {
      return 0;
    }
  }

  private void checkFolderName(Path entry) {
    String name = entry.toString();
    if (Files.isDirectory(directory.resolve(entry)) && !FOLDERS.contains(name)) {
      NearMatch.among(FOLDERS, name)
          .ifPresent(near -> report(entry, "nobody reads this folder", "rename it to " + near));
    }
  }

  private void findStream(Path file) {
    name(file, Identifiers::isStream, ".yaml")
        .ifPresent(
            name -> {
              if (name.replace("@", "_v").length() > ProjectReader.MAX_STREAM_LENGTH) {
                report(
                    file,
                    "the name is too long",
                    "use at most %d characters".formatted(ProjectReader.MAX_STREAM_LENGTH));
              } else {
                streams.put(name, file);
              }
            });
  }

  private void findModel(Path file) {
    if (!findProperties(file)) {
      name(file, ".sql").ifPresent(name -> models.put(new TableName(layer(file), name), file));
    }
  }

  private void findCalendar(Path file) {
    name(file, ".yaml")
        .map(name -> new TableName(CALENDAR_LAYER, name))
        .ifPresent(table -> unlessMade(table, file, models));
  }

  /** Takes the file of a table, unless another file makes it. */
  private void unlessMade(TableName table, Path file, SortedMap<TableName, Path> kind) {
    Path other = Optional.ofNullable(seeds.get(table)).orElse(models.get(table));
    if (other == null) {
      kind.put(table, file);
    } else {
      report(
          file,
          "the table '%s' is made by %s too".formatted(table, other),
          "give one of them another name");
    }
  }

  private void findSeed(Path file) {
    if (findProperties(file)) {
      return;
    }
    name(file, ".csv")
        .map(name -> new TableName(layer(file), name))
        .ifPresent(table -> unlessMade(table, file, seeds));
  }

  private void findTest(Path file) {
    if (!file.equals(FIXTURES)) {
      name(file, ".sql").ifPresent(name -> tests.put(name, file));
    }
  }

  private boolean findProperties(Path file) {
    boolean found =
        PROPERTIES.stream().anyMatch(file.toString()::endsWith)
            && !Files.isDirectory(directory.resolve(file));
    if (found) {
      properties.add(file);
    }
    return found;
  }

  private static String layer(Path file) {
    return file.getNameCount() == 3 ? file.getName(1).toString() : SEED_LAYER;
  }

  /** Goes through the folders of layers; other files than those of properties belong there. */
  private void inLayers(Path entry, boolean flat, Consumer<Path> take) {
    String name = entry.getFileName().toString();
    if (!Files.isDirectory(directory.resolve(entry))) {
      if (flat) {
        take.accept(entry);
      } else if (!name.equals("README.md") && !findProperties(entry)) {
        report(entry, "nobody reads this file", "move it to models/silver or models/gold");
      }
    } else if (RESERVED_LAYERS.contains(name)) {
      report(
          entry,
          "layer '" + name + "' is reserved for tables that Millrace fills",
          "use " + String.join(" or ", LAYERS));
    } else if (!LAYERS.contains(name)) {
      report(entry, "layer '" + name + "' is not known", NearMatch.remedy(LAYERS, name));
    } else {
      each(entry, take);
    }
  }

  private Optional<String> name(Path file, String... extensions) {
    return name(file, Identifiers::isValid, extensions);
  }

  /** The name of the asset in a file, which is the file's name without its extension. */
  private Optional<String> name(Path file, Predicate<String> fits, String... extensions) {
    String fileName = file.getFileName().toString();
    if (fileName.equals("README.md")) {
      return Optional.empty();
    }
    Optional<String> extension = Stream.of(extensions).filter(fileName::endsWith).findFirst();
    boolean folder = Files.isDirectory(directory.resolve(file));
    if (extension.isEmpty() || folder) {
      report(
          file,
          "nobody reads this " + (folder ? "folder" : "file"),
          fileName.endsWith(".yml") && extensions[0].equals(".yaml")
              ? "rename it to end in .yaml"
              : "move it; only *" + String.join(" and *", extensions) + " files belong here");
      return Optional.empty();
    }
    String name = fileName.substring(0, fileName.length() - extension.get().length());
    if (!fits.test(name)) {
      report(
          file,
          "'" + name + "' cannot be a name",
          "rename the file: lower-case letters, digits and '_', starting with a letter");
      return Optional.empty();
    }
    return Optional.of(name);
  }

  /** What a folder holds, in order, hidden files left out. A folder that is not there is empty. */
  private void each(Path folder, Consumer<Path> entry) {
    Path path = directory.resolve(folder);
    if (!Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> entries = Files.list(path)) {
      entries
          .filter(found -> !found.getFileName().toString().startsWith("."))
          .sorted()
          .map(directory::relativize)
          .forEach(entry);
    } catch (IOException e) {
      report(folder, "the folder cannot be read (" + e.getMessage() + ")", "check its permissions");
    }
  }
}
