package io.millrace.prove;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a run of faults proves of a project.
 *
 * @param command repeats the run
 * @param started when the first event was sent
 * @param lasted from there until the last was acknowledged
 * @param proof the project's own full proof, read after the last fault; none if a part it asks does
 *     not answer any more
 */
public record Certificate(
    String project,
    long seed,
    String command,
    Instant started,
    Duration lasted,
    List<StreamCertificate> streams,
    List<FaultOutcome> faults,
    Optional<Proof> proof) {

  public Certificate {
    streams = List.copyOf(streams);
    faults = List.copyOf(faults);
  }

  /** The faults of one kind. Times are from the end of the cause to recovery. */
  public record Recoveries(
      FaultKind kind, int tried, int notTried, Duration median, Duration worst, String reason) {}

  /** Whether nothing was lost and nothing is twice, and every fault that was tried is over. */
  public boolean holds() {
    return streams.stream().allMatch(StreamCertificate::holds)
        && proof.filter(it -> it.holds() && it.isSettled()).isPresent()
        && faults.stream().noneMatch(it -> it.state() == FaultOutcome.State.NOT_RECOVERED);
  }

  public long acknowledged() {
    return streams.stream().mapToLong(StreamCertificate::acknowledged).sum();
  }

  public long lost() {
    return streams.stream().mapToLong(StreamCertificate::lost).sum();
  }

  public long twice() {
    return streams.stream().mapToLong(StreamCertificate::twice).sum();
  }

  /** How many faults were tried. */
  public long tried() {
    return faults.stream().filter(it -> it.state() != FaultOutcome.State.NOT_TRIED).count();
  }

  /** Acknowledged events a second, over the whole run. */
  public double eventsPerSecond() {
    return acknowledged() / Math.max(1e-3, lasted.toMillis() / 1e3);
  }

  /** Each kind that the plan had. */
  public List<Recoveries> recoveries() {
    return Arrays.stream(FaultKind.values())
        .map(this::recoveries)
        .filter(it -> it.tried() + it.notTried() > 0)
        .toList();
  }

  private Recoveries recoveries(FaultKind kind) {
    List<FaultOutcome> all = faults.stream().filter(it -> it.fault().kind() == kind).toList();
    List<Duration> times =
        all.stream()
            .filter(it -> it.state() != FaultOutcome.State.NOT_TRIED)
            .map(FaultOutcome::recovery)
            .sorted()
            .toList();
    String reason =
        all.stream()
            .filter(it -> it.state() == FaultOutcome.State.NOT_TRIED)
            .map(FaultOutcome::note)
            .findFirst()
            .orElse("");
    int tried = times.size();
    return new Recoveries(
        kind,
        tried,
        all.size() - tried,
        tried == 0 ? Duration.ZERO : times.get(tried / 2),
        tried == 0 ? Duration.ZERO : times.get(tried - 1),
        reason);
  }
}
