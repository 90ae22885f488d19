package io.millrace.boot.processes;

import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.lake.AcceptedContracts;
import io.millrace.lake.Lake;
import io.millrace.project.Compatibility;
import io.millrace.project.ContractChange;
import io.millrace.project.Flink;
import io.millrace.project.Judgement;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract.Evolution;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a project's contracts before its processes go by them: each that changed is
 * judged, and accepted as the next version of its stream, or none is.
 *
 * @param changes against what was accepted
 * @param tables what the changes do to tables, in words
 */
public record Acceptance(
    Project project, DataDirectory data, List<ContractChange> changes, List<String> tables) {

  /**
   * Judges, and tries on the tables.
   *
   * @throws MillraceException with every reason, if a contract cannot be accepted
   */
  public static Acceptance of(Project project, DataDirectory data) {
    List<ContractChange> changes;
    try (AcceptedContracts contracts =
            AcceptedContracts.open(data.metadata(), InstantSource.system());
        DuckDbSqlReader sql = new DuckDbSqlReader()) {
      changes = Judgement.of(contracts.accepted(), project, sql);
    }
    requireNotDeployed(project, data, changes);
    List<String> reasons =
        changes.stream().flatMap(change -> change.refusals().stream()).distinct().toList();
    if (!reasons.isEmpty()) {
      throw MillraceException.caller(
          "Cannot accept the contracts:\n  " + String.join("\n  ", reasons));
    }
    List<String> tables = new ArrayList<>();
    if (!changes.isEmpty()) {
      try (Lake lake = Lake.open(data)) {
        changes.forEach(change -> tables.addAll(lake.plan(change.wanted())));
      }
    }
    return new Acceptance(project, data, changes, List.copyOf(tables));
  }

  /** A job on a cluster goes on by the contracts and settings that it was given. */
  private static void requireNotDeployed(
      Project project, DataDirectory data, List<ContractChange> changes) {
    Optional<Deployment> found = Deployment.find(data.deployment());
    if (found.isEmpty()) {
      return;
    }
    Settings settings = project.settings();
    Deployment deployment = found.get();
    List<String> others = new ArrayList<>();
    changes.forEach(change -> others.add("contract of '%s'".formatted(change.stream())));
    if (settings.flink() != Flink.CLUSTER) {
      others.add("'flink'");
    }
    if (!settings.kafka().equals(Optional.of(deployment.kafka()))) {
      others.add("'kafka'");
    }
    if (settings.streamParallelism() != deployment.parallelism()) {
      others.add("'stream_parallelism'");
    }
    if (!others.isEmpty()) {
      throw MillraceException.caller(
          "Cannot go by another %s: the stream was deployed to %s, where it goes on by what was accepted; end it with millrace deploy stream --stop, try again, and deploy it again"
              .formatted(String.join(", ", others), deployment.url()));
    }
  }

  /** What is accepted, and what may go wrong, a line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (ContractChange change : changes) {
      lines.addAll(change.warnings());
      change
          .accepted()
          .ifPresent(
              it ->
                  lines.add("%s becomes version %d".formatted(change.stream(), it.version() + 1)));
    }
    return lines;
  }

  /**
   * The streams whose topics have to be read to their ends by the contract before, because the new
   * one cannot read what they hold.
   */
  List<ContractChange> toDrain() {
    return changes.stream()
        .filter(
            change ->
                change
                    .accepted()
                    .filter(
                        was ->
                            !Compatibility.between(was, change.wanted(), Evolution.BACKWARD)
                                .isEmpty())
                    .isPresent())
        .toList();
  }

  /**
   * Accepts while nothing runs.
   *
   * @throws MillraceException if something does
   */
  public void acceptAlone() {
    FileLock lock = DataLock.take(data);
    try {
      accept();
    } finally {
      lock.close();
    }
  }

  /** From now on processes that start go by the new contracts. */
  void accept() {
    if (!changes.isEmpty()) {
      try (AcceptedContracts contracts =
          AcceptedContracts.open(data.metadata(), InstantSource.system())) {
        contracts.accept(
            project.directory(), changes.stream().map(ContractChange::wanted).toList());
      }
    }
  }
}
