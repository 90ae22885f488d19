package io.millrace.project.yaml;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How a value is written in YAML: reads it, and describes itself to editors and to people. */
public interface Form<T> {

  /** The value; empty if it is not written so, and then the flaws say why. */
  Optional<T> read(Yaml node, Flaws flaws);

  /** As JSON Schema, draft 2020-12. */
  Map<String, Object> schema();

  /** In words, for the reference page: {@code 1 to 64}. */
  String words();

  /** Reads on: from a value to a better one, or to flaws. */
  @FunctionalInterface
  interface Step<T, R> {
    Optional<R> take(T value, Yaml node, Flaws flaws);
  }

  /** The same form, read on. */
  default <R> Form<R> then(Step<T, R> step) {
    Form<T> written = this;
    return new Form<>() {
      @Override
      public Optional<R> read(Yaml node, Flaws flaws) {
        return written.read(node, flaws).flatMap(value -> step.take(value, node, flaws));
      }

      @Override
      public Map<String, Object> schema() {
        return written.schema();
      }

      @Override
      public String words() {
        return written.words();
      }
    };
  }

  /** The same form, as another type. */
  default <R> Form<R> map(Function<T, R> change) {
    return then((value, node, flaws) -> Optional.of(change.apply(value)));
  }

  /** The same form, with the line of the value kept. */
  default Form<Placed<T>> placed() {
    return then((value, node, flaws) -> Optional.of(new Placed<>(value, node.line())));
  }

  /** The same form, described in another way: by a reference, or in better words. */
  default Form<T> described(Map<String, Object> schema, String words) {
    Form<T> written = this;
    return new Form<>() {
      @Override
      public Optional<T> read(Yaml node, Flaws flaws) {
        return written.read(node, flaws);
      }

      @Override
      public Map<String, Object> schema() {
        return schema;
      }

      @Override
      public String words() {
        return words;
      }
    };
  }
}
