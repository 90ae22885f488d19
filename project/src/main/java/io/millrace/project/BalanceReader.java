package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads balances: files under {@code balances/}. */
final class BalanceReader {

  static final Key<Placed<String>> SQL =
      Key.required(
          "sql",
          Forms.text().placed(),
          "A SELECT of one number, or of a reason and a number in each row.");
  static final Key<String> IN_NAME =
      Key.withDefault("name", Forms.text(), "in", "What the part is called.");
  static final Key<String> OUT_NAME =
      Key.required("name", Forms.text(), "What the part is called.");

  static final Shape IN_PART = new Shape(IN_NAME, SQL);
  static final Shape OUT_PART = new Shape(OUT_NAME, SQL);

  static final Key<String> DESCRIPTION =
      Key.optional("description", Forms.prose(), "What is conserved, in a sentence.");
  static final Key<String> UNIT =
      Key.required("unit", Forms.text(), "What is counted, such as `GBP` or `rows`.");
  static final Key<Values> IN = Key.required("in", IN_PART, "What goes in.");
  static final Key<List<Placed<Values>>> OUT =
      Key.required(
          "out", Forms.listOf(OUT_PART.placed()), "What became of it; the parts add up to `in`.");

  static final Shape BALANCE = new Shape(DESCRIPTION, UNIT, IN, OUT);

  private final SqlChecker sql;
  private final Flaws flaws;

  private BalanceReader(SqlChecker sql, Flaws flaws) {
    this.sql = sql;
    this.flaws = flaws;
  }

  /** The balance; empty if it has flaws. */
  static Optional<Balance> read(
      String name, Path file, Yaml document, SqlChecker sql, Flaws flaws) {
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "describe the balance: unit, in, out");
      return Optional.empty();
    }
    return BALANCE
        .read(document, flaws)
        .flatMap(values -> new BalanceReader(sql, flaws).balance(name, file, values));
  }

  private Optional<Balance> balance(String name, Path file, Values values) {
    Optional<Balance.Part> in =
        values.find(IN).flatMap(part -> part(part, part.find(IN_NAME).orElse("in")));
    List<Balance.Part> out = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Placed<Values> part : values.find(OUT).orElse(List.of())) {
      Optional<String> written = part.value().find(OUT_NAME);
      written
          .filter(it -> !names.add(it))
          .ifPresent(
              it -> flaws.add(part.line(), "two parts are called '" + it + "'", "rename one"));
      part(part.value(), written.orElse("")).ifPresent(out::add);
    }
    return in.filter(read -> flaws.isEmpty())
        .map(
            read ->
                new Balance(
                    name,
                    file,
                    values.find(DESCRIPTION).orElse("").strip(),
                    values.find(UNIT).orElse(""),
                    read,
                    out));
  }

  private Optional<Balance.Part> part(Values values, String name) {
    Optional<Placed<String>> written = values.find(SQL);
    written.ifPresent(
        text -> {
          int before = flaws.found().size();
          Set<TableName> reads = sql.reads(text.value(), text.line(), flaws);
          if (reads.isEmpty() && sql.reader().isPresent() && flaws.found().size() == before) {
            flaws.add(text.line(), "'" + name + "' reads no table", "select what is counted");
          }
        });
    return written.map(text -> new Balance.Part(name, text.value(), text.line()));
  }
}
