package io.millrace.project;

import java.util.List;
import java.util.Locale;

/** The type of a field. {@link io.millrace.core.Row} says how values of each are read. */
public sealed interface Type {

  /** As a person says it: {@code list of decimal(12,2)}. */
  default String words() {
    if (this instanceof Decimal decimal) {
      return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    if (this instanceof Struct) {
      return "struct";
    }
    return this instanceof ListOf list
        ? "list of " + list.element().words()
        : ((Scalar) this).name().toLowerCase(Locale.ROOT);
  }

  /** The types without parameters, spelled in a contract as here in lower case. */
  enum Scalar implements Type {
    STRING,
    BOOLEAN,
    /** 32 bits, signed. */
    INT,
    /** 64 bits, signed. */
    LONG,
    /** IEEE 754, 64 bits. */
    DOUBLE,
    /** A day: {@code 2026-01-31}. */
    DATE,
    /** An instant in microseconds: RFC 3339 with a zone. */
    TIMESTAMP,
    UUID,
    /** Bytes as they came; not allowed in contracts, only in quarantine tables. */
    BINARY
  }

  /** An exact number: {@code decimal(12,2)} has ten digits before the point and two after. */
  record Decimal(int precision, int scale) implements Type {
    public static final int MAX_PRECISION = 38;

    public Decimal {
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw new IllegalArgumentException("decimal(" + precision + "," + scale + ")");
      }
    }
  }

  /** Named fields, at least one. */
  record Struct(List<Field> fields) implements Type {
    public Struct {
      fields = List.copyOf(fields);
    }
  }

  /** Any number of values of one type. */
  record ListOf(Type element) implements Type {}
}
