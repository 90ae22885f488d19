package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What dbt's {@code config} says of one thing, from wherever it is said: {@code dbt_project.yml},
 * then properties files, then the file itself. A later word counts; tags add up.
 */
final class DbtConfig {

  /** They would have dbt do what is not done here. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "pre_hook", "take it out; a model is one SELECT",
          "post_hook", "take it out; a model is one SELECT",
          "sql_header", "take it out; a model is one SELECT",
          "incremental_predicates", "take it out",
          "merge_update_columns", "take it out; merge replaces whole rows",
          "merge_exclude_columns", "take it out; merge replaces whole rows");

  private static final Set<String> OF_TAGS = Set.of("tags");

  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Adds what stands in one place.
   *
   * @param shape of the keys that mean something to us; others are dbt's, or of its warehouses
   * @param flaws of the file
   */
  void add(List<Yaml.Entry> entries, Shape shape, Flaws flaws) {
    for (Yaml.Entry entry : entries) {
      String key = entry.key().replace('-', '_');
      String remedy = REFUSED.get(key);
      Object value = YamlValues.of(entry.value());
      if (remedy != null) {
        if (!isNothing(value)) {
          flaws.add(entry.line(), "key '" + entry.key() + "' is not supported", remedy);
        }
      } else if (isSound(key, entry, value, shape, flaws)) {
        add(key, value);
      }
    }
  }

  private static boolean isNothing(Object value) {
    return value == null || (value instanceof List<?> list && list.isEmpty()) || value.equals("");
  }

  private static boolean isSound(
      String key, Yaml.Entry entry, Object value, Shape shape, Flaws flaws) {
    Optional<Key<?>> known = shape.keys().stream().filter(it -> it.name().equals(key)).findFirst();
    if (known.isEmpty() || value == null || isEphemeral(key, value)) {
      return true;
    }
    int before = flaws.found().size();
    known.get().form().read(entry.value(), flaws);
    return flaws.found().size() == before;
  }

  /** dbt writes such a model into those that read it, which is what becomes of a view here. */
  private static boolean isEphemeral(String key, Object value) {
    return key.equals(ConfigShape.MATERIALIZED.name()) && value.equals("ephemeral");
  }

  private void add(String key, Object value) {
    if (OF_TAGS.contains(key)) {
      Set<Object> tags = new LinkedHashSet<>(list(values.get(key)));
      tags.addAll(list(value));
      values.put(key, new ArrayList<>(tags));
    } else if (value == null) {
      values.remove(key);
    } else {
      values.put(key, isEphemeral(key, value) ? "view" : value);
    }
  }

  static List<Object> list(Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> items ? new ArrayList<>(items) : List.of(value);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(Object::toString);
  }

  List<String> texts(String key) {
    return list(values.get(key)).stream().map(Object::toString).toList();
  }

  boolean isFalse(String key) {
    return text(key).filter(it -> it.equalsIgnoreCase("false")).isPresent();
  }

  boolean isTrue(String key) {
    return text(key).filter(it -> it.equalsIgnoreCase("true")).isPresent();
  }

  Map<String, Object> values() {
    return values;
  }

  /** Those keys that mean something to us, as if they stood on one line. */
  Yaml of(Shape shape, int line) {
    Map<String, Object> known = new LinkedHashMap<>();
    shape.keys().stream()
        .map(Key::name)
        .filter(values::containsKey)
        .forEach(key -> known.put(key, values.get(key)));
    return YamlValues.on(line, known);
  }
}
