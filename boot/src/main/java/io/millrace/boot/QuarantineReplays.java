package io.millrace.boot;

import io.millrace.collect.Origin;
import io.millrace.collect.RejectedEvent;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.event.PersonalKey;
import io.millrace.project.Project;
import io.millrace.project.SqlReader;
import io.millrace.project.SqlReader.Sql;
import io.millrace.serve.Replays;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Replays what quarantine holds: the engine finds the events, and the collector sends them. */
record QuarantineReplays(
    Project project,
    DataDirectory data,
    Engine engine,
    SqlReader sql,
    io.millrace.collect.Replays topics)
    implements Replays {

  @Override
  public List<Judged> replay(
      String stream, Optional<String> where, Mode mode, Consumer<List<Judged>> progress) {
    where.ifPresent(this::requireCondition);
    String query =
        "SELECT topic, topic_partition, topic_offset, reason, received, payload FROM %s WHERE (%s\n) ORDER BY 1, 2, 3"
            .formatted(TableName.rejected(stream), where.orElse("true"));
    try (Rows rows = engine.query(Query.of(query))) {
      Iterator<RejectedEvent> events =
          new Events(rows, PersonalKey.opener(project.contract(stream), data));
      return list(
          switch (mode) {
            case PLAN -> topics.plan(stream, events);
            case SEND -> topics.send(stream, events, soFar -> progress.accept(list(soFar)));
          });
    }
  }

  /**
   * A text is a condition, and nothing else, if it can stand behind WHERE both with and without
   * parentheses: one that closes them fails without, and one with a further clause fails within.
   */
  private void requireCondition(String text) {
    for (String form : List.of("SELECT 1 WHERE %s", "SELECT 1 WHERE (%s\n)")) {
      if (sql.read(form.formatted(text)) instanceof Sql.Refused refused) {
        throw MillraceException.caller(
            "Cannot choose events with '%s': %s; %s"
                .formatted(text, refused.what(), refused.remedy()));
      }
    }
  }

  private static List<Judged> list(SortedMap<io.millrace.collect.Judged, Long> counts) {
    return counts.entrySet().stream()
        .map(it -> new Judged(it.getKey().reason(), it.getKey().now(), it.getValue()))
        .toList();
  }

  /** Rows of a quarantine table as events, read one by one. */
  private static final class Events implements Iterator<RejectedEvent> {
    private final Rows rows;
    private final UnaryOperator<byte[]> payloads;
    private boolean there;

    Events(Rows rows, UnaryOperator<byte[]> payloads) {
      this.rows = rows;
      this.payloads = payloads;
      this.there = rows.next();
    }

    @Override
    public boolean hasNext() {
      return there;
    }

    @Override
    public RejectedEvent next() {
      if (!there) {
        throw new NoSuchElementException();
      }
      RejectedEvent event =
          new RejectedEvent(
              new Origin(
                  (String) rows.value(0),
                  ((Number) rows.value(1)).intValue(),
                  ((Number) rows.value(2)).longValue()),
              (String) rows.value(3),
              ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) rows.value(4)),
              payloads.apply((byte[]) rows.value(5)));
      there = rows.next();
      return event;
    }
  }
}
