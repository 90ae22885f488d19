package io.millrace.stream;

import io.millrace.core.Breaker;
import io.millrace.core.BreakerIncident;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Commits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits, and waits while the lake does not take it: what is staged is in files and in the
 * checkpoint, and what comes after it is in Kafka, so nothing is lost by waiting. While it waits no
 * other checkpoint completes. After {@link #PATIENCE} it gives up, and Flink starts the job again
 * from the checkpoint.
 */
final class PatientCommits implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PatientCommits.class);

  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Breaker.Limits LIMITS =
      new Breaker.Limits(1, Duration.ofMillis(200), Duration.ofSeconds(10));

  private static final BreakerIncident.Sentences SENTENCES =
      new BreakerIncident.Sentences(
          "lake",
          "the lake does not take a commit",
          "the stream waits and tries again; events are kept in Kafka meanwhile",
          "the lake takes commits again");

  private final Commits commits;
  private final Incidents incidents;
  private final InstantSource clock;
  private final Map<TableName, Breaker> breakers = new HashMap<>();

  PatientCommits(Commits commits, Incidents incidents, InstantSource clock) {
    this.commits = commits;
    this.incidents = incidents;
    this.clock = clock;
  }

  void commit(StagedCommit staged) throws InterruptedException {
    TableName table = TableName.bronze(staged.stream());
    Instant giveUp = clock.instant().plus(PATIENCE);
    Optional<RuntimeException> failure = tried(staged, table);
    while (failure.isPresent()) {
      if (isHopeless(failure.get()) || clock.instant().isAfter(giveUp)) {
        throw failure.get();
      }
      Breaker breaker = breaker(table);
      breaker.failed(String.valueOf(failure.get().getMessage()));
      Thread.sleep(breaker.toWait().toMillis());
      failure = tried(staged, table);
    }
  }

  /** Makes what waits for a stream; what fails is tried again when this is called. */
  void takeProposed(String stream) {
    try {
      commits
          .correct(stream)
          .ifPresent(
              entry ->
                  LOG.info("Commit {} of {} is a correction", entry.sequence(), entry.stream()));
      commits
          .load(stream)
          .ifPresent(
              entry -> LOG.info("Commit {} of {} is a load", entry.sequence(), entry.stream()));
    } catch (RuntimeException e) {
      LOG.warn("The correction or load of {} was not committed", stream, e);
    }
  }

  private Optional<RuntimeException> tried(StagedCommit staged, TableName table) {
    try {
      commits.commit(staged.stream(), staged.checkpoint(), staged.ranges(), staged.rows());
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
    if (!breakers.containsKey(table)) {
      // A process that was killed while it waited could not say so.
      incident(table).end();
    }
    breaker(table).succeeded();
    return Optional.empty();
  }

  private Breaker breaker(TableName table) {
    return breakers.computeIfAbsent(table, it -> new Breaker(LIMITS, clock, incident(it)));
  }

  private BreakerIncident incident(TableName table) {
    return new BreakerIncident(incidents, Kind.LAKE, table.toString(), SENTENCES, LOG::warn);
  }

  /** What somebody has to correct first, us or the user. */
  private static boolean isHopeless(RuntimeException e) {
    return e instanceof MillraceException known
        && (known.code() == MillraceException.Code.US
            || known.code() == MillraceException.Code.CALLER);
  }

  @Override
  public void close() {
    incidents.close();
    commits.close();
  }
}
