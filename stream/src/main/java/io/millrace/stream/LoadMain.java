package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.FileLock;
import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Load;
import io.millrace.lake.LoadedFile;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.stream.BulkLoad.Limits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A process that brings files into the tables of a stream and ends; the stream's committer makes
 * them part of these, so the stream may run, and has to. Arguments: the project directory, the data
 * directory, the stream, {@code plan} or {@code load}, and the files.
 *
 * <p>It says what it does in lines of JSON, of which the last is {@link Answer} or a failure.
 */
public final class LoadMain {

  private final Project project;
  private final StreamContract contract;
  private final DataDirectory data;
  private final Lake lake;
  private final Ledger ledger;
  private final JsonLines lines;

  private LoadMain(
      Project project,
      DataDirectory data,
      String stream,
      Lake lake,
      Ledger ledger,
      JsonLines lines) {
    this.project = project;
    this.contract = project.contract(stream);
    this.data = data;
    this.lake = lake;
    this.ledger = ledger;
    this.lines = lines;
  }

  /**
   * A file that was read, or would be.
   *
   * @param lines and what became of them; 0 in a plan
   */
  private record FileLine(
      String file,
      long bytes,
      long lines,
      long accepted,
      long rejected,
      long repeated,
      long late,
      long blank) {}

  private record KnownLine(String file, String loadedFrom) {}

  private record RejectLine(String file, long line, String reason, String field, String detail) {}

  /** How far it is. */
  private record Progress(boolean complete, long read, long of) {}

  /**
   * What came of it.
   *
   * @param rejects the first of them
   * @param commit the ledger's entry; 0 if there was nothing to load
   */
  private record Answer(
      boolean complete,
      List<FileLine> files,
      List<KnownLine> known,
      Map<String, Long> reasons,
      List<RejectLine> rejects,
      long commit) {}

  public static void main(String[] args) throws InterruptedException {
    JsonLines.process(
        args,
        (project, data, lines) -> {
          try (Lake lake = Lake.open(data);
              Ledger ledger = Ledger.open(data.metadata())) {
            new LoadMain(project, data, args[2], lake, ledger, lines)
                .run(args[3], LoadPaths.find(List.of(args).subList(4, args.length)));
          }
        });
  }

  private void run(String mode, List<Path> paths) throws InterruptedException {
    if (contract.live().isPresent()) {
      throw MillraceException.caller(
          "Cannot load into '%s' in bulk: it keeps live values, and these are told of what comes over the topic alone; load it without --bulk"
              .formatted(contract.name()));
    }
    if (mode.equals("plan")) {
      LoadPlan plan = LoadPlan.of(paths, ledger.loadedFiles(contract.name()));
      lines.say(
          new Answer(
              true,
              plan.files().stream().map(LoadMain::planned).toList(),
              known(plan),
              Map.of(),
              List.of(),
              0));
      return;
    }
    FileLock lock =
        FileLock.take(data.loadLock(contract.name()))
            .orElseThrow(
                () ->
                    MillraceException.world(
                        "Cannot load into '%s': another load of it is running; try again when it has ended"
                            .formatted(contract.name())));
    try {
      // One that was killed may have handed over what it read.
      awaitCommit();
      load(LoadPlan.of(paths, ledger.loadedFiles(contract.name())));
    } finally {
      lock.close();
    }
  }

  private void load(LoadPlan plan) throws InterruptedException {
    if (plan.files().isEmpty()) {
      lines.say(new Answer(true, List.of(), known(plan), Map.of(), List.of(), 0));
      return;
    }
    List<Erasure> erasures = erasures();
    int first = Math.toIntExact(ledger.lastLoadedFile(contract.name()) + 1);
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
    try (BulkLoad bulk =
        new BulkLoad(contract, plan.files(), first, now, Limits.here(), () -> intake(erasures))) {
      Load load = read(plan, bulk);
      if (!ledger.propose(load)) {
        throw MillraceException.us(
            "Cannot load into '%s': another load waits".formatted(contract.name()));
      }
      awaitCommit();
      lines.say(answer(plan, bulk.counts(), load, commit(first)));
    }
  }

  private Load read(LoadPlan plan, BulkLoad bulk) throws InterruptedException {
    ScheduledExecutorService reports = Executors.newSingleThreadScheduledExecutor();
    try {
      var unused =
          reports.scheduleWithFixedDelay(
              () -> lines.say(new Progress(false, bulk.bytesRead(), plan.bytes())),
              0,
              JsonLines.BETWEEN_LOOKS.toMillis(),
              TimeUnit.MILLISECONDS);
      return bulk.run();
    } finally {
      reports.shutdown();
      reports.awaitTermination(1, TimeUnit.SECONDS);
    }
  }

  /** Until an erasure is done, nobody can say whether a file came before it or after. */
  private List<Erasure> erasures() {
    try (Erasures book = Erasures.open(data.metadata(), InstantSource.system())) {
      List<Erasure> all = book.all();
      if (all.stream().anyMatch(it -> it.done().isEmpty())) {
        throw MillraceException.world(
            "Cannot load into '%s' while people are being erased: run millrace erase to its end first"
                .formatted(contract.name()));
      }
      return all;
    }
  }

  private StreamIntake intake(List<Erasure> erasures) {
    Optional<PersonalData> personal = PersonalData.of(contract, data);
    personal.ifPresent(it -> it.goBy(erasures));
    return new StreamIntake(
        contract,
        project.settings().maxEventBytes(),
        lake,
        new Meters(),
        personal,
        Optional.empty());
  }

  /** Waits until the stream, which alone adds to the ledger, has committed what waits. */
  private void awaitCommit() throws InterruptedException {
    if (!JsonLines.awaitCommit(() -> ledger.proposedLoad(contract.name()).isPresent())) {
      throw MillraceException.unknown(
          "Cannot say when the files become part of '%s': they have been read, and the stream has not committed for %d s; it does it at its next commit. Load them again to see"
              .formatted(contract.name(), JsonLines.PATIENCE.toSeconds()),
          null);
    }
  }

  private long commit(int first) {
    return ledger
        .commitOfFile(contract.name(), first)
        .orElseThrow(
            () ->
                MillraceException.world(
                    "Cannot load into '%s': the same files were loaded meanwhile; nothing was loaded"
                        .formatted(contract.name())));
  }

  private Answer answer(LoadPlan plan, LoadCounts counts, Load load, long commit) {
    List<FileLine> files =
        load.files().stream().map(file -> line(file, range(load, file))).toList();
    return new Answer(
        true,
        files,
        known(plan),
        counts.reasons(),
        counts.rejects().stream()
            .map(
                it ->
                    new RejectLine(
                        plan.files().get(it.file()).path().toString(),
                        it.line(),
                        it.reason(),
                        it.field(),
                        it.detail()))
            .toList(),
        commit);
  }

  private static Range range(Load load, LoadedFile file) {
    return load.ranges().stream()
        .filter(range -> range.partition() == file.partition())
        .findFirst()
        .orElseThrow();
  }

  private static FileLine planned(LoadFile file) {
    return new FileLine(file.path().toString(), file.bytes(), 0, 0, 0, 0, 0, 0);
  }

  private static FileLine line(LoadedFile file, Range range) {
    return new FileLine(
        file.location(),
        file.bytes(),
        range.to(),
        range.accepted(),
        range.rejected(),
        range.repeated(),
        range.late(),
        range.absent());
  }

  private static List<KnownLine> known(LoadPlan plan) {
    return plan.known().stream().map(it -> new KnownLine(it.path().toString(), it.as())).toList();
  }
}
