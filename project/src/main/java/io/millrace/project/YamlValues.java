package io.millrace.project;

import io.millrace.project.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** YAML as plain values, which templates take and give, and back. */
final class YamlValues {

  private YamlValues() {}

  /** A text, number, truth, list or map; null for nothing. */
  static Object of(Yaml node) {
    if (node instanceof Yaml.Mapping mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      mapping.entries().forEach(entry -> map.put(entry.key(), of(entry.value())));
      return map;
    } else if (node instanceof Yaml.Sequence sequence) {
      List<Object> list = new ArrayList<>();
      sequence.items().forEach(item -> list.add(of(item)));
      return list;
    }
    Yaml.Scalar scalar = (Yaml.Scalar) node;
    String text = scalar.text();
    if (scalar.isNull()) {
      return null;
    } else if (scalar.quoted()) {
      return text;
    } else if (text.matches("true|false|True|False")) {
      return Boolean.valueOf(text);
    } else if (text.matches("[+-]?[0-9]{1,18}")) {
      return Long.valueOf(text);
    } else if (text.matches("[+-]?[0-9]{1,18}\\.[0-9]{1,18}")) {
      return Double.valueOf(text);
    }
    return text;
  }

  /** The values as if they stood on one line. */
  static Yaml on(int line, Object value) {
    if (value instanceof Map<?, ?> map) {
      List<Yaml.Entry> entries = new ArrayList<>();
      map.forEach(
          (key, item) -> entries.add(new Yaml.Entry(String.valueOf(key), line, on(line, item))));
      return new Yaml.Mapping(line, entries);
    } else if (value instanceof List<?> list) {
      return new Yaml.Sequence(line, list.stream().map(item -> on(line, item)).toList());
    }
    return new Yaml.Scalar(line, value == null ? "" : value.toString(), value instanceof String);
  }

  /** The value of a key, if there is one. */
  static Optional<Yaml> find(Yaml node, String... keys) {
    for (String key : keys) {
      for (Yaml.Entry entry : entries(node)) {
        if (entry.key().equals(key) && !entry.value().isNull()) {
          return Optional.of(entry.value());
        }
      }
    }
    return Optional.empty();
  }

  static Optional<String> text(Yaml node, String key) {
    return find(node, key)
        .filter(Yaml.Scalar.class::isInstance)
        .map(value -> ((Yaml.Scalar) value).text());
  }

  static List<Yaml.Entry> entries(Yaml node) {
    return node instanceof Yaml.Mapping mapping ? mapping.entries() : List.of();
  }

  static List<Yaml> items(Optional<Yaml> node) {
    return node.map(it -> it instanceof Yaml.Sequence list ? list.items() : List.of(it))
        .orElse(List.of());
  }
}
