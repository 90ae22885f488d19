package io.millrace.lake;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The rows of a table whose time is in an interval. A date counts as the moment it begins in the
 * zone, and so does a timestamp without one; rows without a time are in no span.
 *
 * @param column a top-level column with a date or a timestamp
 */
public record Span(String column, Interval interval, ZoneId zone) {

  private static final long MICROS_PER_SECOND = 1_000_000;

  /** All the time there is. */
  public boolean isAlways() {
    return interval.equals(Interval.ALWAYS);
  }

  /** The first value that is in the span, in days or microseconds, as the column has them. */
  public long first(Type type) {
    return value(interval.start(), type);
  }

  /** The first value that is behind the span. */
  public long end(Type type) {
    return value(interval.end(), type);
  }

  /** Whether a type is one that spans are made of. */
  public static boolean isTime(Type type) {
    return type.typeId() == Type.TypeID.DATE || type.typeId() == Type.TypeID.TIMESTAMP;
  }

  Expression filter(Schema schema) {
    Types.NestedField field = schema.asStruct().field(column);
    if (field == null || !isTime(field.type())) {
      throw MillraceException.us(
          "Cannot take rows by '%s': the table has no date or timestamp of this name"
              .formatted(column));
    }
    if (isAlways()) {
      return Expressions.alwaysTrue();
    }
    boolean days = field.type().typeId() == Type.TypeID.DATE;
    long first = first(field.type());
    long end = end(field.type());
    return Expressions.and(
        Expressions.greaterThanOrEqual(column, days ? (Object) (int) first : (Object) first),
        Expressions.lessThan(column, days ? (Object) (int) end : (Object) end));
  }

  /** The same rows in as few spans as can be: a year of days is one, and quick to compare with. */
  static List<Span> joined(List<Span> spans) {
    List<Span> joined = new ArrayList<>();
    for (Span span : spans.stream().sorted(Comparator.comparing(Span::interval)).toList()) {
      Span last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last == null || last.interval.end().isBefore(span.interval.start())) {
        joined.add(span);
      } else if (last.interval.end().isBefore(span.interval.end())) {
        Interval both = new Interval(last.interval.start(), span.interval.end());
        joined.set(joined.size() - 1, new Span(last.column, both, last.zone));
      }
    }
    return joined;
  }

  private long value(Instant instant, Type type) {
    if (type.typeId() == Type.TypeID.DATE) {
      LocalDate day = instant.atZone(zone).toLocalDate();
      boolean begun = day.atStartOfDay(zone).toInstant().isBefore(instant);
      return day.toEpochDay() + (begun ? 1 : 0);
    }
    boolean local = !((Types.TimestampType) type).shouldAdjustToUTC();
    Instant counted =
        local ? instant.atZone(zone).toLocalDateTime().toInstant(ZoneOffset.UTC) : instant;
    return counted.getEpochSecond() * MICROS_PER_SECOND
        + ChronoUnit.MICROS.between(counted.truncatedTo(ChronoUnit.SECONDS), counted);
  }
}
