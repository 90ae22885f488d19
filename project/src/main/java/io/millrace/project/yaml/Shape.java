package io.millrace.project.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping with known keys. A key that nobody reads is a flaw. */
public final class Shape implements Form<Values> {

  private final List<Key<?>> keys;
  private final List<String> unused;
  private final Map<String, String> refused;

  public Shape(Key<?>... keys) {
    this(List.of(keys), List.of(), Map.of());
  }

  private Shape(List<Key<?>> keys, List<String> unused, Map<String, String> refused) {
    this.keys = keys;
    this.unused = unused;
    this.refused = refused;
  }

  /** The same mapping, in which these keys of another tool may stand and mean nothing to us. */
  public Shape leaving(String... names) {
    return new Shape(keys, List.of(names), refused);
  }

  /**
   * The same mapping, in which these keys of another tool would mean what we do not do.
   *
   * @param remedies what to do instead, by key
   */
  public Shape refusing(Map<String, String> remedies) {
    return new Shape(keys, unused, Map.copyOf(remedies));
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
          .ifPresentOrElse(key -> read(key, entry, values, flaws), () -> readOther(entry, flaws));
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

  private void readOther(Yaml.Entry entry, Flaws flaws) {
    String remedy = refused.get(entry.key());
    if (remedy != null) {
      flaws.add(entry.line(), "key '" + entry.key() + "' is not supported", remedy);
    } else if (!unused.contains(entry.key())) {
      flaws.unknown(entry.line(), "key", entry.key(), names());
    }
  }

  /** The same mapping, whose keys may also stand in mappings within it. */
  public Form<Values> orWithin(String... blocks) {
    List<String> names = List.of(blocks);
    return new Form<>() {
      @Override
      public Optional<Values> read(Yaml node, Flaws flaws) {
        return Shape.this.read(
            node instanceof Yaml.Mapping mapping ? flatten(mapping, names, flaws) : node, flaws);
      }

      @Override
      public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(Shape.this.schema());
        // Which of the mappings a required key is in is up to the writer.
        schema.remove("required");
        Map<String, Object> properties = properties();
        names.forEach(name -> properties.put(name, Map.of("type", "object")));
        schema.put("properties", properties);
        return schema;
      }

      @Override
      public String words() {
        return Shape.this.words();
      }
    };
  }

  private static Yaml flatten(Yaml.Mapping mapping, List<String> blocks, Flaws flaws) {
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml.Entry entry : mapping.entries()) {
      if (blocks.contains(entry.key()) && entry.value() instanceof Yaml.Mapping block) {
        entries.addAll(block.entries());
      } else {
        entries.add(entry);
      }
    }
    Map<String, Integer> lines = new HashMap<>();
    entries.removeIf(
        entry -> {
          Integer first = lines.putIfAbsent(entry.key(), entry.line());
          if (first != null) {
            flaws.repeated(entry.key(), entry.line(), first);
          }
          return first != null;
        });
    return new Yaml.Mapping(mapping.line(), entries);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(key.name()));
    return names;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties());
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

  private Map<String, Object> properties() {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.forEach(key -> properties.put(key.name(), key.schema()));
    unused.forEach(name -> properties.put(name, Map.of()));
    return properties;
  }

  @Override
  public String words() {
    return "mapping";
  }
}
