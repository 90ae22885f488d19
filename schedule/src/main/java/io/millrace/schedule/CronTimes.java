package io.millrace.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.millrace.core.MillraceException;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Trigger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The times of a cron expression: five fields, as Unix reads them. A time that the clock leaves out
 * on the day when it is put forward is passed over; one that it has twice is met once.
 */
public final class CronTimes {

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final ExecutionTime times;
  private final ZoneId zone;

  private CronTimes(ExecutionTime times, ZoneId zone) {
    this.times = times;
    this.zone = zone;
  }

  /** What is wrong with an expression, if anything. */
  public static Optional<String> mistake(String expression) {
    try {
      PARSER.parse(expression).validate();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What is wrong with the cron expressions of a project, a sentence for each. */
  public static List<String> mistakes(Project project) {
    List<String> mistakes = new ArrayList<>();
    for (Model model : project.models().values()) {
      if (model.schedule().trigger() instanceof Trigger.Cron cron) {
        mistake(cron.expression())
            .ifPresent(
                it ->
                    mistakes.add(
                        "%s: schedule '%s' is no cron expression: %s"
                            .formatted(model.file(), cron.expression(), it)));
      }
    }
    return mistakes;
  }

  /** The times of a trigger. */
  public static CronTimes of(Trigger.Cron cron) {
    mistake(cron.expression())
        .ifPresent(
            mistake -> {
              throw MillraceException.caller(
                  "Cannot read schedule '%s': %s".formatted(cron.expression(), mistake));
            });
    return new CronTimes(ExecutionTime.forCron(PARSER.parse(cron.expression())), cron.zone());
  }

  /** The first time after an instant. */
  public Optional<Instant> next(Instant after) {
    return times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
  }
}
