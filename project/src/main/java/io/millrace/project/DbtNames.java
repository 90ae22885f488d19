package io.millrace.project;

import static java.util.stream.Collectors.toCollection;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.Macros;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Thing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The words that dbt adds to Jinja, as far as no warehouse has to be asked. */
final class DbtNames {

  private static final String LATER =
      "the warehouse is asked while the template is rendered, which happens before there is one";
  private static final String AS_SQL = "write it as SQL of the model, or set the values in vars";
  private static final String VARIABLES = "DBT_";
  private static final String SECRETS = "DBT_ENV_SECRET";

  private DbtNames() {}

  /** A table, which becomes its name in SQL. */
  record Relation(TableName table) implements Thing {
    @Override
    public Object get(String name) {
      return switch (name) {
        case "name", "identifier", "table" -> table.name();
        case "schema" -> table.layer();
        case "database" -> "millrace";
        case "type" -> "table";
        case "is_table" -> true;
        case "is_view", "is_cte" -> false;
        case "include", "quote", "render" -> (Function) none -> this;
        default -> null;
      };
    }

    @Override
    public String toString() {
      return table.toString();
    }
  }

  /** {@code config}, which is called and asked. */
  private record Config(Map<String, Object> said) implements Thing, Function {
    @Override
    public Object call(Arguments given) {
      said.putAll(given.byName());
      given.inOrder().stream()
          .filter(Map.class::isInstance)
          .forEach(map -> ((Map<?, ?>) map).forEach((key, it) -> said.put(key.toString(), it)));
      return "";
    }

    @Override
    public Object get(String name) {
      return switch (name) {
        case "get", "require", "meta_get" ->
            (Function) given -> said.getOrDefault(given.text(0, "name"), given.get(1, "default"));
        default -> null;
      };
    }
  }

  /** What can be said anywhere: variables, the environment, where things are built. */
  static Map<String, Object> everywhere(
      Map<String, Object> variables, Templates templates, Macros macros) {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("var", variable(variables));
    names.put("env_var", environment(templates));
    names.put(
        "target",
        Map.of(
            "name", "prod",
            "target_name", "prod",
            "profile_name", "millrace",
            "type", "duckdb",
            "database", "millrace",
            "schema", "gold",
            "threads", 1L));
    names.put("execute", true);
    names.put("dbt_version", "1.10.0");
    names.put("adapter", adapter(macros));
    names.put("exceptions", exceptions());
    names.put("log", (Function) given -> "");
    names.put("print", (Function) given -> "");
    names.put("zip", (Function) DbtNames::zip);
    names.put("set", (Function) given -> unique(given.get(0, "value")));
    names.put("local_md5", (Function) given -> Md5.of(given.text(0, "value")));
    for (String later : List.of("run_query", "statement", "load_result", "load_relation")) {
      names.put(later, (Function) given -> refuse(later));
    }
    names.put("flags", Map.of("FULL_REFRESH", false, "STORE_FAILURES", false, "WHICH", "run"));
    return names;
  }

  private static Object refuse(String what) {
    throw new Problem("'" + what + "': " + LATER, AS_SQL);
  }

  private static Function variable(Map<String, Object> variables) {
    return given -> {
      String name = given.text(0, "name");
      if (variables.containsKey(name)) {
        return variables.get(name);
      }
      if (given.has(1, "default")) {
        return given.get(1, "default");
      }
      throw new Problem(
          "variable '" + name + "' is not known", "give it under vars: in dbt_project.yml");
    };
  }

  /** Only dbt's own variables, as others may be secrets of whoever runs this. */
  private static Function environment(Templates templates) {
    return given -> {
      String name = given.text(0, "var");
      Optional<String> value =
          name.startsWith(VARIABLES) && !name.startsWith(SECRETS)
              ? templates.variable(name)
              : Optional.empty();
      if (value.isEmpty() && !given.has(1, "default")) {
        throw new Problem(
            "environment variable '" + name + "' is not to be had",
            "set it if it begins with DBT_; others are not read: give a default");
      }
      return value.<Object>map(it -> it).orElseGet(() -> given.get(1, "default"));
    };
  }

  private static Thing adapter(Macros macros) {
    return name ->
        switch (name) {
          case "dispatch" -> (Function) given -> dispatched(given, macros);
          case "quote" -> (Function) given -> Quoted.name(given.text(0, "identifier"));
          case "type" -> (Function) given -> "duckdb";
          default -> (Function) given -> refuse("adapter." + name);
        };
  }

  private static Object dispatched(Arguments given, Macros macros) {
    String name = given.text(0, "macro_name");
    String owner = given.has(1, "macro_namespace") ? given.text(1, "macro_namespace") + "." : "";
    for (String prefix : List.of("duckdb__", "default__")) {
      for (String place : List.of("", owner)) {
        Optional<Object> macro = macros.find(place + prefix + name);
        if (macro.isPresent()) {
          return macro.get();
        }
      }
    }
    throw new Problem(
        "no macro is there for adapter.dispatch('" + name + "')",
        "write duckdb__" + name + " or default__" + name + " in macros/");
  }

  private static Thing exceptions() {
    return name ->
        (Function)
            given -> {
              if (name.equals("warn")) {
                return "";
              }
              throw new Problem(given.text(0, "msg"), "the project says so; do as it says");
            };
  }

  /** A package that a project wants and that is not there. */
  static Thing missing(String dbtPackage) {
    return name ->
        (Function)
            given -> {
              throw new Problem(
                  "macro '%s.%s' is not known".formatted(dbtPackage, name),
                  "put the package into dbt_packages/, as dbt deps does, or write the macro");
            };
  }

  private static Object zip(Arguments given) {
    List<List<?>> lists =
        given.inOrder().stream()
            .<List<?>>map(
                it -> it instanceof Collection<?> items ? new ArrayList<>(items) : List.of())
            .toList();
    int shortest = lists.stream().mapToInt(List::size).min().orElse(0);
    return IntStream.range(0, shortest)
        .mapToObj(i -> lists.stream().map(it -> it.get(i)).collect(toCollection(ArrayList::new)))
        .collect(toCollection(ArrayList::new));
  }

  private static Object unique(Object value) {
    return new ArrayList<>(new LinkedHashSet<>(DbtConfig.list(value)));
  }

  /**
   * What a thing that is built can say besides.
   *
   * @param said takes what it says of itself
   * @param again whether its table is there and only what is new is to be added
   */
  static Map<String, Object> of(
      DbtNode node,
      Map<String, Object> everywhere,
      DbtTables tables,
      Map<String, Object> said,
      boolean again) {
    Map<String, Object> names = new LinkedHashMap<>(everywhere);
    names.putAll(tables.names());
    names.put("config", new Config(said));
    names.put("is_incremental", (Function) none -> again);
    names.put("should_full_refresh", (Function) none -> false);
    names.put("this", new Relation(node.table()));
    names.put(
        "model",
        Map.of(
            "name", node.name,
            "alias", node.table().name(),
            "schema", node.table().layer(),
            "unique_id", node.name,
            "original_file_path", node.file().toString()));
    return names;
  }
}
