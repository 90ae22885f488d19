package io.millrace.stream;

import io.millrace.core.Breaker;
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
      Breaker breaker =
          breakers.computeIfAbsent(table, it -> new Breaker(LIMITS, clock, new Reporter(it)));
      breaker.failed(String.valueOf(failure.get().getMessage()));
      Thread.sleep(breaker.toWait().toMillis());
      failure = tried(staged, table);
    }
  }

  private Optional<RuntimeException> tried(StagedCommit staged, TableName table) {
    try {
      commits.commit(staged.stream(), staged.checkpoint(), staged.ranges(), staged.rows());
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
    if (breakers.containsKey(table)) {
      breakers.get(table).succeeded();
    } else {
      breakers.put(table, new Breaker(LIMITS, clock, new Reporter(table)));
      // A process that was killed while it waited could not say so.
      end(table);
    }
    return Optional.empty();
  }

  private void end(TableName table) {
    try {
      incidents.end(Kind.LAKE, table.toString());
    } catch (MillraceException e) {
      LOG.warn(e.getMessage());
    }
  }

  /** What somebody has to correct first, us or the user. */
  private static boolean isHopeless(RuntimeException e) {
    return e instanceof MillraceException known
        && (known.code() == MillraceException.Code.US
            || known.code() == MillraceException.Code.CALLER);
  }

  /** The database of incidents may be what does not work. */
  private final class Reporter implements Breaker.Listener {

    private final TableName table;

    Reporter(TableName table) {
      this.table = table;
    }

    @Override
    public void opened(String cause) {
      LOG.warn("The lake does not take a commit of {}: {}", table, cause);
      try {
        incidents.report(
            Kind.LAKE,
            table.toString(),
            "lake",
            "the lake does not take a commit: " + cause,
            0,
            "the stream waits and tries again; events are kept in Kafka meanwhile");
      } catch (MillraceException e) {
        LOG.warn(e.getMessage());
      }
    }

    @Override
    public void closed() {
      LOG.info("The lake takes commits of {} again", table);
      end(table);
    }
  }

  @Override
  public void close() {
    incidents.close();
    commits.close();
  }
}
