package io.millrace.quality;

import io.millrace.core.Incident;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.Outcomes;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Holds back from models what a stream brings while too many of its events are rejected: what is
 * left of them would be counted as if it were all. If that lasts it is an incident, and the gate
 * opens again when a person acknowledges it; the incident ends when the rate has come down. Threads
 * may share it.
 *
 * <p>A stream that comes back after a while reads the topic of rejected events to its end before
 * its own, and for a few commits they are nearly all there is: that does not last.
 */
public final class Gate implements AutoCloseable {

  /** How far back the rate looks. */
  static final Duration RECENT = Duration.ofMinutes(10);

  /** Fewer events than this say nothing about a rate. */
  static final int FEWEST = 100;

  /** A rate is high for so long before it is an incident. */
  static final Duration LASTING = Duration.ofSeconds(30);

  private final Project project;
  private final Ledger ledger;
  private final Incidents incidents;
  private final InstantSource clock;
  private final Map<String, Instant> highSince = new HashMap<>();

  private Gate(Project project, Ledger ledger, Incidents incidents, InstantSource clock) {
    this.project = project;
    this.ledger = ledger;
    this.incidents = incidents;
    this.clock = clock;
  }

  /**
   * A gate for all streams of a project.
   *
   * @param metadata the metadata database
   */
  public static Gate open(
      Project project, Path metadata, Incidents incidents, InstantSource clock) {
    return new Gate(project, Ledger.open(metadata), incidents, clock);
  }

  /** Looks at all streams, so that incidents begin and end though nobody builds. */
  public void look() {
    project.streams().values().forEach(this::look);
  }

  /** Why models may not read what a table has got; empty if they may, or if it is of no stream. */
  public Optional<String> closed(TableName table) {
    return project.streams().values().stream()
        .filter(stream -> stream.tables().containsKey(table))
        .findFirst()
        .flatMap(this::look);
  }

  /** Why what it brings has to wait. */
  private synchronized Optional<String> look(StreamContract stream) {
    Instant now = clock.instant();
    Outcomes recent = ledger.outcomes(stream.name(), now.minus(RECENT));
    String asset = stream.bronze().toString();
    Optional<Incident> known = incidents.find(Kind.REJECTS, asset);
    if (recent.total() >= FEWEST
        && 100 * recent.rejected() > stream.maxRejectedPercent() * recent.total()) {
      Instant since = highSince.computeIfAbsent(stream.name(), it -> now);
      return known.isEmpty() && now.isBefore(since.plus(LASTING))
          ? Optional.of(cause(stream, recent) + "; it is an incident if that lasts")
          : waiting(report(stream, recent));
    }
    highSince.remove(stream.name());
    if (known.flatMap(Incident::acknowledged).isPresent()) {
      incidents.end(Kind.REJECTS, asset);
      return Optional.empty();
    }
    return known.flatMap(Gate::waiting);
  }

  private static Optional<String> waiting(Incident incident) {
    return incident.acknowledged().isPresent()
        ? Optional.empty()
        : Optional.of(
            "%s; see 'millrace incidents', and acknowledge incident %d to let it pass"
                .formatted(incident.cause(), incident.id()));
  }

  private static String cause(StreamContract stream, Outcomes recent) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of the last %,d events of %s were rejected, and its contract expects at most %d %%",
        100.0 * recent.rejected() / recent.total(),
        recent.total(),
        stream.name(),
        stream.maxRejectedPercent());
  }

  private Incident report(StreamContract stream, Outcomes recent) {
    return incidents.report(
        Kind.REJECTS,
        stream.bronze().toString(),
        "stream " + stream.name(),
        cause(stream, recent),
        recent.rejected(),
        "models downstream of it are not built until this is acknowledged; rejected events are kept in "
            + TableName.rejected(stream.name()));
  }

  @Override
  public void close() {
    ledger.close();
  }
}
