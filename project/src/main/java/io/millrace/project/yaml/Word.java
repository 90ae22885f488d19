package io.millrace.project.yaml;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A form written as a single value.
 *
 * @param noun what the value is, with its article: {@code a whole number}
 * @param remedy how to write one, for a message
 * @param parse makes the value of the text, if it can
 */
public record Word<T>(
    String noun,
    String remedy,
    Function<String, Optional<T>> parse,
    Map<String, Object> schema,
    String words)
    implements Form<T> {

  @Override
  public Optional<T> read(Yaml node, Flaws flaws) {
    if (node instanceof Yaml.Scalar scalar) {
      Optional<T> value = parse.apply(scalar.text());
      if (value.isEmpty()) {
        flaws.add(node.line(), "'" + scalar.text() + "' is not " + noun, remedy);
      }
      return value;
    }
    flaws.add(node.line(), node.kind() + " stands where " + noun + " is expected", remedy);
    return Optional.empty();
  }
}
