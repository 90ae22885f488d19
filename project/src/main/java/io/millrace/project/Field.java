package io.millrace.project;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A field of a contract: its type and what its values must satisfy.
 *
 * @param oneOf the only values allowed, for strings; empty allows all
 * @param min the smallest value allowed, for numbers
 * @param max the largest value allowed, for numbers
 * @param maxLength the most UTF-8 bytes allowed, for strings
 */
public record Field(
    String name,
    Type type,
    boolean required,
    List<String> oneOf,
    Optional<BigDecimal> min,
    Optional<BigDecimal> max,
    int maxLength,
    String description) {

  public static final int DEFAULT_MAX_LENGTH = 65_536;

  public Field {
    oneOf = List.copyOf(oneOf);
  }

  public static Field required(String name, Type type) {
    return of(name, type, true);
  }

  public static Field optional(String name, Type type) {
    return of(name, type, false);
  }

  private static Field of(String name, Type type, boolean required) {
    return new Field(
        name,
        type,
        required,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_MAX_LENGTH,
        "");
  }
}
