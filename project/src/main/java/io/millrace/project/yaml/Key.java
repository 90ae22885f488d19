package io.millrace.project.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A key of a mapping.
 *
 * @param written the default as a person would write it; empty if there is none
 * @param doc what it is for, in a sentence
 */
public record Key<T>(
    String name, Form<T> form, Presence presence, Optional<String> written, String doc) {

  /** Whether a mapping must have the key. */
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  public static <T> Key<T> required(String name, Form<T> form, String doc) {
    return new Key<>(name, form, Presence.REQUIRED, Optional.empty(), doc);
  }

  public static <T> Key<T> optional(String name, Form<T> form, String doc) {
    return new Key<>(name, form, Presence.OPTIONAL, Optional.empty(), doc);
  }

  /** A key that has a value also when it is left out. */
  public static <T> Key<T> withDefault(String name, Form<T> form, String written, String doc) {
    Flaws flaws = new Flaws();
    if (form.read(new Yaml.Scalar(0, written, false), flaws).isEmpty()) {
      throw new IllegalArgumentException(name + " cannot be " + written + ": " + flaws.found());
    }
    return new Key<>(name, form, Presence.OPTIONAL, Optional.of(written), doc);
  }

  /** The property of a JSON Schema. */
  Map<String, Object> schema() {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", doc);
    property.putAll(form.schema());
    written.ifPresent(text -> property.put("default", typed(text, property.get("type"))));
    return property;
  }

  private static Object typed(String text, Object type) {
    if ("integer".equals(type)) {
      return Integer.valueOf(text);
    }
    return "boolean".equals(type) ? Boolean.valueOf(text) : text;
  }

  Optional<T> ownDefault() {
    return written.flatMap(text -> form.read(new Yaml.Scalar(0, text, false), new Flaws()));
  }
}
