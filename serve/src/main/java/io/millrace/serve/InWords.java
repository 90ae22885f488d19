package io.millrace.serve;

import io.millrace.core.Interval;
import io.millrace.core.TimeSpan;
import io.millrace.project.Batches;
import io.millrace.project.DataTest.Check;
import io.millrace.project.Dimension;
import io.millrace.project.Materialization;
import io.millrace.project.Trigger;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Says in a few words how a model is built, when, and what a test checks. */
final class InWords {

  private InWords() {}

  static String of(Materialization how) {
    if (how instanceof Materialization.View) {
      return "not kept: readers run its SQL";
    } else if (how instanceof Materialization.Table) {
      return "whole";
    } else if (how instanceof Materialization.Append) {
      return "by adding what is made of new rows";
    } else if (how instanceof Materialization.Merge merge) {
      return "by merging what is made of new rows" + key(merge.uniqueKey());
    } else if (how instanceof Materialization.DeleteInsert replace) {
      return "by replacing keys that have new rows" + key(replace.uniqueKey());
    } else if (how instanceof Materialization.ByInterval intervals) {
      return "by " + intervals.batches().size().name().toLowerCase(Locale.ROOT);
    } else if (how instanceof Materialization.MaterializedView view) {
      return "by replacing keys whose inputs changed" + key(view.uniqueKey());
    } else if (how instanceof Materialization.Again again) {
      return switch (again.how()) {
        case ADD -> "by adding what its SQL makes beside what there is";
        case REPLACE ->
            "by replacing keys that its SQL makes beside what there is" + key(again.uniqueKey());
        case KEEP -> "by noting what has changed since the run before";
      };
    } else if (how instanceof Materialization.History history) {
      Dimension dimension = history.dimension();
      String what =
          switch (dimension.kind()) {
            case SNAPSHOT -> "all versions of keys that have changed";
            case SCD1 -> "the newest values of keys that have changed";
            case SCD3 -> "the newest values, and those before, of keys that have changed";
          };
      return what + key(dimension.uniqueKey());
    }
    return "from its file";
  }

  private static String key(List<String> columns) {
    return columns.isEmpty() ? "" : ": " + String.join(", ", columns);
  }

  /** An interval, or several in a row: {@code 2026-01}, {@code 2026-01-30 to 2026-01-31}. */
  static String of(Interval span, Batches batches) {
    if (span.equals(Interval.ALWAYS)) {
      return "all";
    }
    String first = label(span.start(), batches);
    String last = label(batches.at(span.end().minusNanos(1)).start(), batches);
    return first.equals(last) ? first : first + " to " + last;
  }

  private static String label(Instant start, Batches batches) {
    String pattern =
        switch (batches.size()) {
          case HOUR -> "uuuu-MM-dd HH:mm";
          case DAY -> "uuuu-MM-dd";
          case MONTH -> "uuuu-MM";
          case YEAR -> "uuuu";
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(start.atZone(batches.zone()));
  }

  static String of(Trigger trigger) {
    if (trigger instanceof Trigger.OnChange change) {
      return "when inputs change, every " + new TimeSpan(change.every()) + " at most";
    } else if (trigger instanceof Trigger.Cron cron) {
      return "at " + cron.expression() + ", " + cron.zone();
    }
    return "when asked";
  }

  static String of(Check check) {
    if (check instanceof Check.Unique unique) {
      return "unique " + String.join(", ", unique.columns());
    } else if (check instanceof Check.NotNull notNull) {
      return "not null " + notNull.column();
    } else if (check instanceof Check.AcceptedValues accepted) {
      return accepted.column() + " is one of " + String.join(", ", accepted.values());
    } else if (check instanceof Check.Relationships of) {
      return "%s is in %s.%s".formatted(of.column(), of.to(), of.field());
    } else if (check instanceof Check.Determines of) {
      return "%s determines %s".formatted(of.column(), String.join(", ", of.columns()));
    } else if (check instanceof Check.RowCount count) {
      return "rows"
          + count.min().map(" at least %,d"::formatted).orElse("")
          + count.max().map(" at most %,d"::formatted).orElse("");
    } else if (check instanceof Check.Freshness fresh) {
      return fresh.column() + " no older than " + new TimeSpan(fresh.maxAge());
    } else if (check instanceof Check.Versions versions) {
      return "versions of "
          + String.join(", ", versions.dimension().uniqueKey())
          + " are one after the other";
    }
    return "no rows of its SELECT";
  }
}
