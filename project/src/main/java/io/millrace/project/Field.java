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
 * @param aliases former names, by which old producers still send it
 * @param deprecated what to use instead; the field is still accepted
 * @param personal how values that tell who somebody is are treated; empty where none do
 */
public record Field(
    String name,
    Type type,
    boolean required,
    List<String> oneOf,
    Optional<BigDecimal> min,
    Optional<BigDecimal> max,
    int maxLength,
    String description,
    List<String> aliases,
    Optional<String> deprecated,
    Optional<Personal> personal) {

  public static final int DEFAULT_MAX_LENGTH = 65_536;

  public Field {
    oneOf = List.copyOf(oneOf);
    aliases = List.copyOf(aliases);
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
        "",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same field, which had these names before. */
  public Field withAliases(String... former) {
    return new Field(
        name,
        type,
        required,
        oneOf,
        min,
        max,
        maxLength,
        description,
        List.of(former),
        deprecated,
        personal);
  }

  /** The same field, with values that tell who somebody is. */
  public Field withPersonal(Personal treated) {
    return new Field(
        name,
        type,
        required,
        oneOf,
        min,
        max,
        maxLength,
        description,
        aliases,
        deprecated,
        Optional.of(treated));
  }

  /** Whether it or a field within it holds values that tell who somebody is. */
  public boolean isPersonal() {
    return personal.isPresent() || isPersonal(type);
  }

  private static boolean isPersonal(Type type) {
    return type instanceof Type.Struct struct
        ? struct.fields().stream().anyMatch(Field::isPersonal)
        : type instanceof Type.ListOf list && isPersonal(list.element());
  }

  /** Whether an event may call it so. */
  public boolean isCalled(String other) {
    return name.equals(other) || aliases.contains(other);
  }
}
