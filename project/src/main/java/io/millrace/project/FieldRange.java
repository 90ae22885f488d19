package io.millrace.project;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The numbers that a field can have, by its type and its limits.
 *
 * @param min empty if there is no least one
 * @param max empty if there is no greatest one
 */
record FieldRange(Optional<BigDecimal> min, Optional<BigDecimal> max) {

  private static final int UUID_LENGTH = 36;

  static FieldRange of(Field field) {
    FieldRange type = of(field.type());
    return new FieldRange(
        field.min().isEmpty() ? type.min : type.min.map(field.min().get()::max).or(field::min),
        field.max().isEmpty() ? type.max : type.max.map(field.max().get()::min).or(field::max));
  }

  private static FieldRange of(Type type) {
    if (type instanceof Type.Decimal decimal) {
      BigDecimal most =
          BigDecimal.TEN
              .pow(decimal.precision())
              .subtract(BigDecimal.ONE)
              .movePointLeft(decimal.scale());
      return between(most.negate(), most);
    }
    if (type == Type.Scalar.INT) {
      return between(BigDecimal.valueOf(Integer.MIN_VALUE), BigDecimal.valueOf(Integer.MAX_VALUE));
    }
    if (type == Type.Scalar.LONG) {
      return between(BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE));
    }
    return new FieldRange(Optional.empty(), Optional.empty());
  }

  private static FieldRange between(BigDecimal min, BigDecimal max) {
    return new FieldRange(Optional.of(min), Optional.of(max));
  }

  /** The most UTF-8 bytes that a text of a field can have. */
  static int longest(Field field) {
    if (field.type() == Type.Scalar.UUID) {
      return UUID_LENGTH;
    }
    return field.oneOf().stream()
        .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length)
        .max()
        .orElse(field.maxLength());
  }
}
