package io.millrace.project.yaml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of a mapping, by key. */
public final class Values {

  private final int line;
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Integer> lines = new HashMap<>();

  Values(int line) {
    this.line = line;
  }

  <T> void put(Key<T> key, int keyLine, Optional<T> value) {
    lines.put(key.name(), keyLine);
    value.ifPresent(read -> values.put(key.name(), read));
  }

  /** The value, or the key's default. Empty if there is neither, or if the value had flaws. */
  @SuppressWarnings("unchecked") // put() is the only one that writes, and its key has the type
  public <T> Optional<T> find(Key<T> key) {
    Object value = values.get(key.name());
    return value == null ? key.ownDefault() : Optional.of((T) value);
  }

  /** The value of a key that has a default. */
  public <T> T get(Key<T> key) {
    return find(key).orElseThrow();
  }

  /** Whether every value that was written could be read. */
  public boolean areSound() {
    return values.keySet().containsAll(lines.keySet());
  }

  public boolean has(Key<?> key) {
    return lines.containsKey(key.name());
  }

  /** The line of the key; without it, the line of the mapping. */
  public int line(Key<?> key) {
    return lines.getOrDefault(key.name(), line);
  }
}
