package io.millrace.collect.file;

import io.millrace.project.StreamContract.Csv;
import io.millrace.project.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.chrono.IsoChronology;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Writes a cell of a CSV file as JSON. A cell is read as ISO-8859-1, so that each of its characters
 * stands for one byte of the file.
 */
sealed interface Cell {

  void write(String cell, Batch batch);

  /** As a JSON string. */
  Cell TEXT = new Text();

  static Cell of(Type type, Csv csv) {
    if (type == Type.Scalar.TIMESTAMP && csv.timestampPattern().isPresent()) {
      return new Timestamp(csv.timestampPattern().get(), csv.zone());
    }
    boolean number =
        type == Type.Scalar.INT
            || type == Type.Scalar.LONG
            || type == Type.Scalar.DOUBLE
            || type instanceof Type.Decimal;
    if (number || type == Type.Scalar.BOOLEAN) {
      return new Bare();
    }
    return TEXT;
  }

  /** See {@link #TEXT}. */
  record Text() implements Cell {
    private static final String HEX = "0123456789abcdef";

    @Override
    public void write(String cell, Batch batch) {
      batch.put('"');
      for (int i = 0; i < cell.length(); i++) {
        char value = cell.charAt(i);
        if (value == '"' || value == '\\') {
          batch.put('\\');
          batch.put(value);
        } else if (value < ' ') {
          batch.put('\\');
          batch.put('u');
          batch.put('0');
          batch.put('0');
          batch.put(HEX.charAt(value >> 4));
          batch.put(HEX.charAt(value & 15));
        } else {
          batch.put(value);
        }
      }
      batch.put('"');
    }
  }

  /** A number or a truth value as it is; anything else as text, which the decoder rejects. */
  record Bare() implements Cell {
    @Override
    public void write(String cell, Batch batch) {
      if (!isNumber(cell) && !cell.equals("true") && !cell.equals("false")) {
        TEXT.write(cell, batch);
        return;
      }
      for (int i = 0; i < cell.length(); i++) {
        batch.put(cell.charAt(i));
      }
    }

    /** As JSON has numbers. Written by hand, because a pattern took most of a row's time. */
    private static boolean isNumber(String cell) {
      int whole = cell.startsWith("-") ? 1 : 0;
      int at = skipDigits(cell, whole);
      if (at == whole || (cell.charAt(whole) == '0' && at > whole + 1)) {
        return false;
      }
      if (at < cell.length() && cell.charAt(at) == '.') {
        int fraction = at + 1;
        at = skipDigits(cell, fraction);
        if (at == fraction) {
          return false;
        }
      }
      return at == cell.length() || isExponent(cell, at);
    }

    private static boolean isExponent(String cell, int from) {
      char letter = cell.charAt(from);
      int digits = from + 1;
      if (digits < cell.length() && (cell.charAt(digits) == '+' || cell.charAt(digits) == '-')) {
        digits++;
      }
      int end = skipDigits(cell, digits);
      return (letter == 'e' || letter == 'E') && end > digits && end == cell.length();
    }

    private static int skipDigits(String cell, int from) {
      int at = from;
      while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') {
        at++;
      }
      return at;
    }
  }

  /** A time in the contract's pattern as RFC 3339; what is no such time stays as it is. */
  final class Timestamp implements Cell {

    private final DateTimeFormatter format;
    private final ZoneId zone;
    // Neighbouring rows often have the same time.
    private String last = "";
    private String lastInstant = "";

    Timestamp(String pattern, ZoneId zone) {
      this.format =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              // So that a pattern may say yyyy where it would have to say uuuu.
              .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
              .toFormatter(Locale.ENGLISH)
              .withChronology(IsoChronology.INSTANCE)
              // Otherwise 30 February would become 28 February.
              .withResolverStyle(ResolverStyle.STRICT);
      this.zone = zone;
    }

    @Override
    public void write(String cell, Batch batch) {
      if (!cell.equals(last)) {
        lastInstant = instant(cell);
        last = cell;
      }
      TEXT.write(lastInstant, batch);
    }

    private String instant(String cell) {
      try {
        TemporalAccessor time = format.parse(cell);
        if (time.isSupported(ChronoField.INSTANT_SECONDS)) {
          return Instant.from(time).toString();
        }
        LocalDate day = time.query(TemporalQueries.localDate());
        LocalTime clock = time.query(TemporalQueries.localTime());
        if (day == null) {
          return cell;
        }
        // An hour that comes twice is taken as the first; one that is left out, as if it were not.
        return day.atTime(clock == null ? LocalTime.MIDNIGHT : clock)
            .atZone(zone)
            .toInstant()
            .toString();
      } catch (DateTimeException e) {
        return cell;
      }
    }
  }
}
