package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.TextFile;
import io.millrace.project.yaml.Values;
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
import java.util.stream.Stream;

/**
 * Reads a project directory: {@code millrace.yaml}, {@code streams/*.yaml}, {@code
 * models/<layer>/*.sql}. It says everything that is wrong at once, and a file that nobody reads is
 * wrong too.
 */
public final class ProjectReader {

  static final Path MAIN_FILE = Path.of("millrace.yaml");

  private static final List<String> FOLDERS = List.of("streams", "models");

  private static final String REJECTED = "_rejected";

  /** So long that the names of the stream's tables are no longer than a name may be. */
  static final int MAX_STREAM_LENGTH = Identifiers.MAX_LENGTH - REJECTED.length();

  private final Path directory;
  private final List<Problem> problems = new ArrayList<>();
  private final SortedMap<String, Path> streamFiles = new TreeMap<>();
  private final SortedMap<TableName, Path> modelFiles = new TreeMap<>();

  private ProjectReader(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** Reads all but what is inside the models' SQL. */
  public static Reading read(Path directory) {
    return new ProjectReader(directory).read(Optional.empty());
  }

  /** Reads all, and checks that the models' SQL reads tables that there are. */
  public static Reading read(Path directory, SqlReader sql) {
    return new ProjectReader(directory).read(Optional.of(sql));
  }

  /** The project, or one exception that says everything that is wrong. */
  public static Project load(Path directory) {
    return read(directory).orThrow();
  }

  /** The project with its models checked, or one exception that says everything that is wrong. */
  public static Project load(Path directory, SqlReader sql) {
    return read(directory, sql).orThrow();
  }

  private Reading read(Optional<SqlReader> sql) {
    if (!Files.isDirectory(directory)) {
      report(directory, "there is no such directory", "name a directory with a millrace.yaml");
      return new Reading.Flawed(problems);
    }
    findFiles();
    Optional<Values> main = main();
    SortedMap<String, StreamContract> streams = streams();
    SortedMap<TableName, Model> models =
        new ModelsReader(directory, streamFiles.keySet(), modelFiles, problems).read(sql);
    if (!problems.isEmpty()) {
      return new Reading.Flawed(problems);
    }
    Values values = main.orElseThrow();
    return new Reading.Sound(
        new Project(
            values.find(SettingsShape.NAME).orElseGet(this::directoryName),
            directory,
            values.find(SettingsShape.SETTINGS_KEY).orElse(Settings.DEFAULTS),
            streams,
            models));
  }

  private String directoryName() {
    return directory.getFileName() == null ? "millrace" : directory.getFileName().toString();
  }

  private Optional<Values> main() {
    if (!Files.exists(directory.resolve(MAIN_FILE))) {
      report(
          MAIN_FILE,
          "the file is missing",
          Files.exists(directory.resolve("millrace.yml"))
              ? "rename millrace.yml"
              : "create it; it may be empty");
      return Optional.empty();
    }
    return read(
        MAIN_FILE,
        (document, flaws) ->
            SettingsShape.PROJECT.read(
                document.isNull() ? new Yaml.Mapping(1, List.of()) : document, flaws));
  }

  private SortedMap<String, StreamContract> streams() {
    SortedMap<String, StreamContract> streams = new TreeMap<>();
    streamFiles.forEach(
        (name, file) -> {
          Optional<StreamContract> contract =
              read(file, (document, flaws) -> ContractReader.read(name, document, flaws));
          contract.ifPresent(read -> streams.put(name, read));
          checkCollision(name, file);
        });
    return streams;
  }

  /** Kafka refuses two topics whose names differ in '.' and '_' alone. */
  private void checkCollision(String name, Path file) {
    String other = name.replaceFirst(REJECTED + "$", "");
    if (!other.equals(name) && streamFiles.containsKey(other)) {
      report(
          file,
          "the name '" + name + "' collides with what is rejected from '" + other + "'",
          "give one of the streams another name");
    }
  }

  /** Makes something of a YAML document, or says why not. */
  private interface DocumentReader<T> {
    Optional<T> read(Yaml document, Flaws flaws);
  }

  private <T> Optional<T> read(Path file, DocumentReader<T> reader) {
    Flaws flaws = new Flaws();
    Optional<T> read =
        TextFile.read(directory.resolve(file), flaws)
            .flatMap(text -> YamlText.parse(text, flaws))
            .flatMap(document -> reader.read(document, flaws));
    flaws.found().stream().map(flaw -> Problem.of(file, flaw)).forEach(problems::add);
    return read;
  }

  private void findFiles() {
    each(Path.of(""), this::checkFolderName);
    each(Path.of("streams"), this::findStream);
    each(
        Path.of("models"),
        layer -> {
          if (checkLayer(layer)) {
            each(layer, this::findModel);
          }
        });
  }

  private void checkFolderName(Path entry) {
    String name = entry.toString();
    if (Files.isDirectory(directory.resolve(entry)) && !FOLDERS.contains(name)) {
      NearMatch.among(FOLDERS, name)
          .ifPresent(near -> report(entry, "nobody reads this folder", "rename it to " + near));
    }
  }

  private void findStream(Path file) {
    name(file, ".yaml")
        .ifPresent(
            name -> {
              if (name.length() > MAX_STREAM_LENGTH) {
                report(
                    file,
                    "the name is too long",
                    "use at most %d characters".formatted(MAX_STREAM_LENGTH));
              } else {
                streamFiles.put(name, file);
              }
            });
  }

  private void findModel(Path file) {
    String layer = file.getParent().getFileName().toString();
    name(file, ".sql").ifPresent(name -> modelFiles.put(new TableName(layer, name), file));
  }

  private boolean checkLayer(Path entry) {
    String name = entry.getFileName().toString();
    if (!Files.isDirectory(directory.resolve(entry))) {
      if (!name.equals("README.md")) {
        report(entry, "nobody reads this file", "move it to models/silver or models/gold");
      }
      return false;
    }
    if (ModelsReader.RESERVED_LAYERS.contains(name)) {
      report(
          entry,
          "layer '" + name + "' is reserved for tables that Millrace fills",
          "use " + String.join(" or ", ModelsReader.LAYERS));
      return false;
    }
    if (!ModelsReader.LAYERS.contains(name)) {
      report(
          entry, "layer '" + name + "' is not known", NearMatch.remedy(ModelsReader.LAYERS, name));
      return false;
    }
    return true;
  }

  /** The name of the asset in a file, which is the file's name without its extension. */
  private Optional<String> name(Path file, String extension) {
    String fileName = file.getFileName().toString();
    if (fileName.equals("README.md")) {
      return Optional.empty();
    }
    if (!fileName.endsWith(extension) || Files.isDirectory(directory.resolve(file))) {
      report(
          file,
          "nobody reads this " + (Files.isDirectory(directory.resolve(file)) ? "folder" : "file"),
          fileName.endsWith(".yml") && extension.equals(".yaml")
              ? "rename it to end in .yaml"
              : "move it; only *" + extension + " files belong here");
      return Optional.empty();
    }
    String name = fileName.substring(0, fileName.length() - extension.length());
    if (!Identifiers.isValid(name)) {
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

  private void report(Path file, String what, String remedy) {
    problems.add(new Problem(file, 0, what, remedy));
  }
}
