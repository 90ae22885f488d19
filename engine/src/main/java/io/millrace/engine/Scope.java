package io.millrace.engine;

import io.millrace.core.TableName;
import io.millrace.project.ColumnRef;
import io.millrace.project.ColumnTracer.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What names mean at a place in a query: columns of its FROM clause, earlier columns of its select
 * list, parameters of a lambda, names of WITH, and what they mean around it. Names are in lower
 * case.
 */
final class Scope {

  /** A column of a query or table. */
  record Column(String name, int line, Sources sources) {}

  /**
   * One table of a FROM clause, under the name it has there.
   *
   * @param layer empty unless it is a table of the project without an alias
   * @param unknown the table of which the columns are not known; any name may be one of its columns
   */
  record Relation(String alias, String layer, List<Column> columns, Optional<TableName> unknown) {}

  /**
   * A FROM clause.
   *
   * @param star what {@code *} stands for: columns that USING names are in it once
   * @param rows what decides which rows it has
   */
  record From(List<Relation> relations, List<Column> star, Sources rows) {
    static final From NOTHING = new From(List.of(), List.of(), new Sources());

    static From of(Relation relation, Sources rows) {
      return new From(List.of(relation), relation.columns(), rows);
    }

    private Optional<Sources> find(List<String> names, Use use) {
      for (Relation relation : relations) {
        boolean layered = names.size() > 2 && names.get(0).equals(relation.layer());
        List<String> rest = layered ? names.subList(1, names.size()) : names;
        if (rest.size() > 1 && rest.get(0).equals(relation.alias())) {
          Optional<Sources> found =
              find(relation.columns(), rest.subList(1, rest.size()), use)
                  .or(() -> unknown(relation, rest.get(1), use));
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return find(star, names, use).or(() -> row(names, use)).or(() -> anyUnknown(names, use));
    }

    /** A name of several columns is refused by DuckDB; here it is all of them. */
    private static Optional<Sources> find(List<Column> columns, List<String> names, Use use) {
      Sources found = new Sources();
      String path = String.join(".", names.subList(1, names.size()));
      List<Column> named = columns.stream().filter(it -> it.name().equals(names.get(0))).toList();
      named.forEach(column -> found.addField(column.sources(), path, use));
      return named.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private static Optional<Sources> unknown(Relation relation, String column, Use use) {
      return relation.unknown().map(table -> Sources.of(new ColumnRef(table, column), use));
    }

    private Optional<Sources> anyUnknown(List<String> names, Use use) {
      Sources found = new Sources();
      List<Relation> unknown = relations.stream().filter(it -> it.unknown().isPresent()).toList();
      unknown.forEach(it -> found.addAll(unknown(it, names.get(0), use).orElseThrow(), use));
      return unknown.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /** The name of a table stands for a struct of its columns. */
    private Optional<Sources> row(List<String> names, Use use) {
      if (names.size() > 1) {
        return Optional.empty();
      }
      return relation(names.get(0))
          .map(
              relation -> {
                Sources all = new Sources();
                relation.columns().forEach(it -> all.addAll(it.sources(), Use.DERIVED));
                return new Sources().addAll(all, use);
              });
    }

    Optional<Relation> relation(String alias) {
      return relations.stream().filter(it -> it.alias().equals(alias)).findFirst();
    }
  }

  private final Optional<Scope> outer;
  private final From from;
  private final Map<String, Sources> aliases = new HashMap<>();
  private final Set<String> parameters;
  private final Map<String, QueryTrace.Result> with;

  private Scope(
      Optional<Scope> outer,
      From from,
      Set<String> parameters,
      Map<String, QueryTrace.Result> with) {
    this.outer = outer;
    this.from = from;
    this.parameters = parameters;
    this.with = new HashMap<>(with);
  }

  static Scope empty() {
    return new Scope(Optional.empty(), From.NOTHING, Set.of(), Map.of());
  }

  Scope over(From tables) {
    return new Scope(Optional.of(this), tables, Set.of(), Map.of());
  }

  Scope withParameters(Set<String> names) {
    return new Scope(Optional.of(this), From.NOTHING, names, Map.of());
  }

  /** A name of WITH, known from here on. */
  void define(String name, QueryTrace.Result query) {
    with.put(name, query);
  }

  Optional<QueryTrace.Result> query(String name) {
    QueryTrace.Result here = with.get(name);
    return here != null ? Optional.of(here) : outer.flatMap(it -> it.query(name));
  }

  /** An earlier column of the select list, which later expressions may name. */
  void alias(String name, Sources sources) {
    aliases.putIfAbsent(name, sources);
  }

  From from() {
    return from;
  }

  /** What a name is made of, columns of the tables first; none if nothing has the name. */
  Optional<Sources> find(List<String> names, Use use) {
    if (parameters.contains(names.get(0))) {
      return Optional.of(new Sources());
    }
    return from.find(names, use)
        .or(() -> alias(names, use))
        .or(() -> outer.flatMap(it -> it.find(names, use)));
  }

  private Optional<Sources> alias(List<String> names, Use use) {
    String path = String.join(".", names.subList(1, names.size()));
    return Optional.ofNullable(aliases.get(names.get(0)))
        .map(it -> new Sources().addField(it, path, use));
  }

  /** Everything that a name could mean here. */
  Sources everything() {
    Sources all = new Sources();
    List<Column> columns = new ArrayList<>();
    from.relations().forEach(it -> columns.addAll(it.columns()));
    columns.forEach(it -> all.addAll(it.sources(), Use.DERIVED));
    all.addAll(from.rows().rowsOnly(), Use.DERIVED);
    outer.ifPresent(it -> all.addAll(it.everything(), Use.DERIVED));
    return all;
  }
}
