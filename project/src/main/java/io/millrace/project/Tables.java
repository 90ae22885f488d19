package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Placed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables that a project can name, and the ways in which its files name them. */
final class Tables {

  /** How a table is written where dbt wants a reference, for a message. */
  static final String HOW = "write ref('daily_sales'), source('bronze', 'clicks') or layer.name";

  private static final List<TableName> OPERATIONS =
      Stream.of("acknowledged", "commits", "intervals", "releases", "run_steps", "runs")
          .map(name -> new TableName("ops", name))
          .toList();

  private static final String WORD = " *['\"]([A-Za-z0-9_.]+)['\"] *";
  private static final Pattern REF = Pattern.compile("ref\\(" + WORD + "\\)");
  private static final Pattern SOURCE = Pattern.compile("source\\(" + WORD + "," + WORD + "\\)");

  private final Set<String> all = new TreeSet<>();
  private final Set<String> built = new TreeSet<>();

  Tables(ProjectFiles files) {
    for (String stream : files.streams().keySet()) {
      List.of(
              TableName.bronze(stream),
              TableName.rejected(stream),
              TableName.repeated(stream),
              TableName.late(stream))
          .forEach(table -> all.add(table.toString()));
    }
    OPERATIONS.forEach(table -> all.add(table.toString()));
    files.models().keySet().forEach(model -> built.add(model.toString()));
    files.seeds().keySet().forEach(seed -> built.add(seed.toString()));
    all.addAll(built);
  }

  /** Whether it is a model or a seed. */
  boolean isBuilt(TableName table) {
    return built.contains(table.toString());
  }

  /** A model's or seed's name without its layer, if no other has it. */
  String shortName(TableName table) {
    long others = built.stream().filter(name -> name.endsWith("." + table.name())).count();
    return others > 1 ? table.layer() + "_" + table.name() : table.name();
  }

  /** A table as SQL names it; or a flaw. */
  Optional<TableName> read(SqlReader.Reference reference, int line, Flaws flaws) {
    String table = reference.table().toLowerCase(Locale.ROOT);
    if (all.contains(table)) {
      return Optional.of(TableName.parse(table));
    }
    flaws.add(line, "table '" + reference.table() + "' is not known", remedy(table));
    return Optional.empty();
  }

  private String remedy(String table) {
    return all.stream()
        .filter(known -> known.endsWith("." + table))
        .findFirst()
        .map(known -> "write it with its layer: " + known)
        .orElseGet(() -> NearMatch.remedy(all, table));
  }

  /** A model or seed by its name, with or without its layer; or a flaw. */
  Optional<TableName> built(Placed<String> written, String noun, Flaws flaws) {
    return named(written, written.value(), noun, built, flaws);
  }

  /** A table as {@link #HOW} says; or a flaw. */
  Optional<TableName> referred(Placed<String> written, Flaws flaws) {
    Matcher ref = REF.matcher(written.value());
    if (ref.matches()) {
      return named(written, ref.group(1), "model", built, flaws);
    }
    Matcher source = SOURCE.matcher(written.value());
    String table = source.matches() ? source.group(1) + "." + source.group(2) : written.value();
    if (!table.matches("[A-Za-z0-9_.]+")) {
      flaws.add(written.line(), "'" + written.value() + "' does not name a table", HOW);
      return Optional.empty();
    }
    return named(written, table, "table", all, flaws);
  }

  private static Optional<TableName> named(
      Placed<String> written, String name, String noun, Set<String> known, Flaws flaws) {
    List<String> found =
        known.stream().filter(it -> it.equals(name) || it.endsWith("." + name)).toList();
    if (found.size() == 1) {
      return Optional.of(TableName.parse(found.get(0)));
    }
    if (found.size() > 1) {
      flaws.add(
          written.line(),
          "%s '%s' could be %s".formatted(noun, name, String.join(" or ", found)),
          "write it with its layer");
      return Optional.empty();
    }
    flaws.add(written.line(), "%s '%s' is not known".formatted(noun, name), near(name, known));
    return Optional.empty();
  }

  /** A name without its layer is near to one with it. */
  private static String near(String name, Set<String> known) {
    if (name.contains(".")) {
      return NearMatch.remedy(known, name);
    }
    Set<String> names = new TreeSet<>();
    known.forEach(table -> names.add(table.substring(table.indexOf('.') + 1)));
    return NearMatch.among(names, name)
        .map(near -> "did you mean '" + near + "'?")
        .orElseGet(() -> NearMatch.remedy(known, name));
  }
}
