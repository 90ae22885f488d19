package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.project.DbtProject.Kind;
import io.millrace.project.Templates.MacroFile;
import io.millrace.project.Templates.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a project written for dbt, by what they define. */
final class DbtFiles {

  private static final int MAX_FILES = 10_000;
  private static final Path PACKAGES = Path.of("dbt_packages");
  private static final Pattern SNAPSHOT = block("snapshot");
  private static final Pattern DOCS = block("docs");

  private final Path directory;
  private final ProjectFiles files;
  private final DbtProject project;
  private final List<DbtNode> nodes = new ArrayList<>();
  private final List<Path> properties = new ArrayList<>();
  private final SortedMap<String, Path> tests = new TreeMap<>();
  private final List<MacroFile> macros = new ArrayList<>();
  private final Map<String, String> docs = new LinkedHashMap<>();

  DbtFiles(Path directory, ProjectFiles files, DbtProject project) {
    this.directory = directory;
    this.files = files;
    this.project = project;
  }

  /** A named block: its name, and what is in it. */
  private static Pattern block(String tag) {
    return Pattern.compile(
        "(?s)\\{%-?\\s*" + tag + "\\s+(\\w+)\\s*-?%\\}(.*?)\\{%-?\\s*end" + tag + "\\s*-?%\\}");
  }

  void find() {
    for (Path folder : project.macros()) {
      each(folder, file -> addMacros(project.name(), file));
    }
    for (Kind kind : Kind.values()) {
      for (Path folder : project.folders(kind)) {
        each(folder, file -> add(kind, folder, file));
      }
    }
    for (Path folder : project.tests()) {
      each(folder, file -> addTest(folder, file));
    }
    readPackages();
  }

  /** The packages that the project says it needs, by the names of their macros. */
  List<String> packages() {
    List<String> names = new ArrayList<>(List.of("dbt_utils"));
    for (Path file : List.of(Path.of("packages.yml"), Path.of("dependencies.yml"))) {
      if (files.exists(file)) {
        files
            .yaml(file)
            .ifPresent(
                document ->
                    YamlValues.items(YamlValues.find(document, "packages"))
                        .forEach(
                            it ->
                                YamlValues.text(it, "package")
                                    .ifPresent(name -> names.add(name.replaceFirst("^.*/", "")))));
      }
    }
    return names;
  }

  private void readPackages() {
    Path folder = directory.resolve(PACKAGES);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> packages = Files.list(folder)) {
        packages
            .filter(Files::isDirectory)
            .sorted()
            .forEach(
                it -> {
                  String owner = it.getFileName().toString();
                  each(PACKAGES.resolve(owner).resolve("macros"), file -> addMacros(owner, file));
                });
      } catch (IOException e) {
        files.report(PACKAGES, "the folder cannot be read", "check its permissions");
      }
    }
  }

  private void addMacros(String owner, Path file) {
    if (isOf(file, ".sql")) {
      files
          .text(file)
          .ifPresent(text -> macros.add(new MacroFile(owner, new Source(file, 1, text))));
    }
  }

  private void add(Kind kind, Path folder, Path file) {
    if (isProperties(file)) {
      properties.add(file);
    } else if (isOf(file, ".md")) {
      files.text(file).ifPresent(this::addDocs);
    } else if (isOf(file, ".py")) {
      files.report(file, "a model in Python is not run", "write it as SQL");
    } else if (kind == Kind.SNAPSHOT && isOf(file, ".sql")) {
      files.text(file).ifPresent(text -> addSnapshots(folder, file, text));
    } else if (kind == Kind.MODEL && isOf(file, ".sql")) {
      files
          .text(file)
          .ifPresent(text -> addNode(kind, folder, file, stem(file), new Source(file, 1, text)));
    } else if (kind == Kind.SEED && isOf(file, ".csv")) {
      addNode(kind, folder, file, stem(file), new Source(file, 1, ""));
    }
  }

  private void addSnapshots(Path folder, Path file, String text) {
    Matcher block = SNAPSHOT.matcher(text);
    boolean found = false;
    while (block.find()) {
      found = true;
      int line =
          1 + (int) text.substring(0, block.start(2)).chars().filter(it -> it == '\n').count();
      addNode(Kind.SNAPSHOT, folder, file, block.group(1), new Source(file, line, block.group(2)));
    }
    if (!found) {
      files.report(
          file, "the file has no snapshot", "write {% snapshot name %} SELECT {% endsnapshot %}");
    }
  }

  private void addNode(Kind kind, Path folder, Path file, String name, Source source) {
    if (!Identifiers.isValid(name)) {
      files.report(
          file,
          "'" + name + "' cannot be a name",
          "rename it: lower-case letters, digits and '_', starting with a letter");
      return;
    }
    List<String> path = new ArrayList<>();
    Path inside = folder.toString().isEmpty() ? file : folder.relativize(file);
    for (int i = 0; i < inside.getNameCount() - 1; i++) {
      path.add(inside.getName(i).toString());
    }
    path.add(name);
    nodes.add(new DbtNode(kind, name, source, path));
  }

  private void addDocs(String text) {
    Matcher block = DOCS.matcher(text);
    while (block.find()) {
      docs.putIfAbsent(block.group(1), block.group(2).strip());
    }
  }

  private void addTest(Path folder, Path file) {
    Path inside = folder.relativize(file);
    if (!isOf(file, ".sql")) {
      return;
    }
    if (inside.getNameCount() > 1 && inside.getName(0).toString().equals("generic")) {
      addMacros(project.name(), file);
    } else if (inside.getNameCount() == 1 || !inside.getName(0).toString().equals("fixtures")) {
      tests.put(stem(file), file);
    }
  }

  /** The files below a folder, in order, hidden ones left out. */
  private void each(Path folder, Consumer<Path> take) {
    Path path = directory.resolve(folder);
    if (!Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> found = Files.walk(path, 16)) {
      List<Path> all =
          found
              .filter(Files::isRegularFile)
              .map(directory::relativize)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .limit(MAX_FILES + 1L)
              .sorted()
              .toList();
      if (all.size() > MAX_FILES) {
        files.report(folder, "the folder has more than " + MAX_FILES + " files", "split it up");
      } else {
        all.forEach(take);
      }
    } catch (IOException e) {
      files.report(
          folder, "the folder cannot be read (" + e.getMessage() + ")", "check its permissions");
    }
  }

  private static boolean isOf(Path file, String extension) {
    return file.getFileName().toString().endsWith(extension);
  }

  private static boolean isProperties(Path file) {
    return isOf(file, ".yml") || isOf(file, ".yaml");
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  List<DbtNode> nodes() {
    return nodes;
  }

  List<Path> properties() {
    return properties;
  }

  SortedMap<String, Path> tests() {
    return tests;
  }

  List<MacroFile> macros() {
    return macros;
  }

  Optional<String> doc(String name) {
    return Optional.ofNullable(docs.get(name));
  }

  List<String> docNames() {
    return List.copyOf(docs.keySet());
  }
}
