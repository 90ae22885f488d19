package io.millrace.project.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping with known keys. A key that nobody reads is a flaw. */
public final class Shape implements Form<Values> {

  private final List<Key<?>> keys;

  public Shape(Key<?>... keys) {
    this.keys = List.of(keys);
  }

  public List<Key<?>> keys() {
    return keys;
  }

  @Override
  public Optional<Values> read(Yaml node, Flaws flaws) {
    if (!(node instanceof Yaml.Mapping mapping)) {
      flaws.add(
          node.line(),
          (node.isNull() ? "nothing" : node.kind()) + " stands where a mapping is expected",
          "write 'key: value' lines; keys are " + String.join(", ", names()));
      return Optional.empty();
    }
    Values values = new Values(node.line());
    for (Yaml.Entry entry : mapping.entries()) {
      keys.stream()
          .filter(key -> key.name().equals(entry.key()))
          .findFirst()
          .ifPresentOrElse(
              key -> read(key, entry, values, flaws),
              () -> flaws.unknown(entry.line(), "key", entry.key(), names()));
    }
    for (Key<?> key : keys) {
      if (key.presence() == Key.Presence.REQUIRED && !values.has(key)) {
        flaws.add(node.line(), "key '" + key.name() + "' is missing", "add it: " + key.doc());
      }
    }
    return Optional.of(values);
  }

  private static <T> void read(Key<T> key, Yaml.Entry entry, Values values, Flaws flaws) {
    if (entry.value().isNull()) {
      flaws.add(
          entry.line(), "key '" + entry.key() + "' has no value", "write one, or take the key out");
      values.put(key, entry.line(), Optional.empty());
    } else {
      values.put(key, entry.line(), key.form().read(entry.value(), flaws));
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(key.name()));
    return names;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.forEach(key -> properties.put(key.name(), key.schema()));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    List<String> required =
        keys.stream()
            .filter(key -> key.presence() == Key.Presence.REQUIRED)
            .map(Key::name)
            .toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  @Override
  public String words() {
    return "mapping";
  }
}
