package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.PropertiesReader.Described;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes models of files of SQL, calendars and CSV, and of what properties files say of them. */
final class ModelsReader {

  /** The largest seed; more is a stream. */
  private static final long MAX_SEED_BYTES = 64 << 20;

  private static final Pattern OWNER = Pattern.compile("(?im)^owner: *(\\S.*)$");

  private final ProjectFiles files;
  private final SqlChecker sql;
  private final Map<TableName, Described> described;
  private final SortedMap<TableName, Model> models = new TreeMap<>();

  ModelsReader(ProjectFiles files, SqlChecker sql, Map<TableName, Described> described) {
    this.files = files;
    this.sql = sql;
    this.described = described;
  }

  SortedMap<TableName, Model> read() {
    files
        .models()
        .forEach(
            (name, file) -> {
              if (file.startsWith("calendars")) {
                files.yaml(file).ifPresent(document -> readCalendar(name, file, document));
              } else {
                files.sql(name.toString(), file).ifPresent(text -> readModel(name, file, text));
              }
            });
    files.seeds().forEach(this::readSeed);
    findCycles();
    return models;
  }

  private void readModel(TableName name, Path file, String text) {
    Flaws flaws = files.flaws(file);
    if (isWithoutSql(text)) {
      flaws.add(0, "the file has no SQL", "write one SELECT");
      return;
    }
    Set<TableName> reads = new TreeSet<>(reads(file, text));
    if (files.rendered().again(name).orElse(null) instanceof Materialization.Again again) {
      reads.addAll(reads(file, again.sql()));
      reads.remove(name);
    }
    models.put(name, model(name, file, text, reads, ModelConfig.NONE));
  }

  private Set<TableName> reads(Path file, String text) {
    if (!files.areOfDbt()) {
      return sql.reads(text, 1, files.flaws(file));
    }
    Flaws flaws = new Flaws();
    Set<TableName> reads = sql.reads(text, 1, flaws);
    new RenderedSql(files.text(file).orElse(""), text).tell(flaws, files.flaws(file));
    return reads;
  }

  private void readCalendar(TableName name, Path file, Yaml document) {
    Flaws flaws = files.flaws(file);
    Optional<ModelConfig> config =
        Optional.ofNullable(described.get(name)).flatMap(Described::config);
    config
        .filter(it -> it.line() > 0 && !(it.materialization() instanceof Materialization.Table))
        .ifPresent(
            it ->
                files
                    .flaws(described.get(name).file())
                    .add(it.line(), "a calendar is a table", "write materialized: table"));
    CalendarReader.read(document, flaws)
        .ifPresent(
            text ->
                models.put(name, model(name, file, text, Set.of(), ModelConfig.NONE).asTable()));
  }

  static boolean isWithoutSql(String text) {
    return text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("--"));
  }

  private void readSeed(TableName name, Path file) {
    long size = files.size(file);
    if (size == 0) {
      files.report(file, "the file is empty", "write a line with the names of its columns");
    } else if (size > MAX_SEED_BYTES) {
      files.report(file, "the file is larger than 64 MiB", "send it through a stream");
    }
    models.put(name, model(name, file, "", Set.of(), ModelConfig.SEED));
  }

  private Model model(
      TableName name, Path file, String text, Set<TableName> reads, ModelConfig fallback) {
    Optional<Described> said = Optional.ofNullable(described.get(name));
    ModelConfig config = said.flatMap(Described::config).orElse(fallback);
    String comment = comment(text);
    Map<TableName, InputMode> inputs = new TreeMap<>();
    config.inputs().forEach((table, mode) -> inputs.put(table, mode.value()));
    return new Model(
        name,
        file,
        text,
        said.flatMap(Described::description).orElse(comment),
        said.flatMap(Described::owner).or(() -> owner(comment)).orElse(""),
        reads,
        files.rendered().again(name).orElse(config.materialization()),
        config.eventTime(),
        inputs,
        config.schedule(),
        config.tags(),
        said.map(Described::columns).orElse(List.of()));
  }

  /** The comment at the top of a file of SQL. */
  static String comment(String text) {
    return text.lines()
        .dropWhile(String::isBlank)
        .map(String::strip)
        .takeWhile(line -> line.startsWith("--"))
        .map(line -> line.substring(2).strip())
        .collect(Collectors.joining("\n"))
        .strip();
  }

  private static Optional<String> owner(String comment) {
    Matcher matcher = OWNER.matcher(comment);
    return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  private void findCycles() {
    Set<TableName> done = new TreeSet<>();
    models.keySet().forEach(model -> follow(model, new ArrayList<>(), done));
  }

  private void follow(TableName name, List<TableName> path, Set<TableName> done) {
    int start = path.indexOf(name);
    if (start >= 0) {
      List<TableName> cycle = new ArrayList<>(path.subList(start, path.size()));
      cycle.add(name);
      files.report(
          models.get(name).file(),
          "models read each other in a circle: "
              + cycle.stream().map(TableName::toString).collect(Collectors.joining(" -> ")),
          "take one of these references out");
    } else if (models.containsKey(name) && !done.contains(name)) {
      path.add(name);
      models.get(name).reads().forEach(read -> follow(read, path, done));
      path.remove(path.size() - 1);
      done.add(name);
    }
  }
}
