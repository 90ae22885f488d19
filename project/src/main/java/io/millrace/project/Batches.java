package io.millrace.project;

import io.millrace.core.Interval;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How time is cut into the intervals a model is built by.
 *
 * @param begin nothing before this day is built
 * @param zone whose days, months and years are meant
 */
public record Batches(Size size, Optional<LocalDate> begin, ZoneId zone) {

  /** dbt's {@code batch_size}. */
  public enum Size {
    HOUR,
    DAY,
    MONTH,
    YEAR
  }

  /** The interval an instant is in. */
  public Interval at(Instant instant) {
    ZonedDateTime time = instant.atZone(zone);
    ZonedDateTime start =
        switch (size) {
          case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
          case DAY -> time.toLocalDate().atStartOfDay(zone);
          case MONTH -> time.toLocalDate().withDayOfMonth(1).atStartOfDay(zone);
          case YEAR ->
              time.toLocalDate().with(TemporalAdjusters.firstDayOfYear()).atStartOfDay(zone);
        };
    return new Interval(start.toInstant(), next(start).toInstant());
  }

  /** The intervals that overlap a span, in order; those before {@code begin} left out. */
  public List<Interval> within(Interval span) {
    return overlapping(span).toList();
  }

  /** The same, one after the other. */
  public Stream<Interval> overlapping(Interval span) {
    Instant from =
        begin
            .map(day -> day.atStartOfDay(zone).toInstant())
            .filter(span.start()::isBefore)
            .orElse(span.start());
    return Stream.iterate(at(from), it -> it.start().isBefore(span.end()), it -> at(it.end()));
  }

  private ZonedDateTime next(ZonedDateTime start) {
    return switch (size) {
      case HOUR -> start.plusHours(1);
      case DAY -> start.toLocalDate().plusDays(1).atStartOfDay(zone);
      case MONTH -> start.toLocalDate().plusMonths(1).atStartOfDay(zone);
      case YEAR -> start.toLocalDate().plusYears(1).atStartOfDay(zone);
    };
  }
}
