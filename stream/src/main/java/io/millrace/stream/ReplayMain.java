package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Correction;
import io.millrace.lake.CorrectionBranch;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldRows.Stretch;
import io.millrace.stream.ReplayPlan.FromBronze;
import io.millrace.stream.ReplayPlan.Read;
import io.millrace.stream.ReplayPlan.Source;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that replays a stretch of a stream's past and ends. Arguments: the project directory,
 * the data directory, the stream, {@code plan}, {@code compare} or {@code swap}, where events are
 * read from ({@code any}, {@code topic} or {@code bronze}), and between which times the broker
 * appended what is replayed; the second may be left out.
 *
 * <p>It says what it does in lines of JSON, of which the last is {@link Answer} or a failure.
 */
public final class ReplayMain {

  private final StreamContract contract;
  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private final Ledger ledger;
  private final JsonLines lines;

  private ReplayMain(
      Project project,
      DataDirectory data,
      String stream,
      Lake lake,
      Ledger ledger,
      JsonLines lines) {
    this.contract = project.contract(stream);
    this.project = project;
    this.data = data;
    this.lake = lake;
    this.ledger = ledger;
    this.lines = lines;
  }

  /** What of a topic partition is read: offsets {@code [from, to)}. */
  private record ReadLine(String source, String topic, int partition, long from, long to) {}

  /** What a table has of it, and in which of its partitions that is. */
  private record TableLine(String table, long rows, List<String> partitions) {}

  /** How far it is. */
  private record Progress(boolean complete, long read, long of) {}

  /**
   * What came of it.
   *
   * @param commits that are replayed; null if none has read any of it
   * @param fromBronze the first of these, if they are read from tables; else null
   * @param tables as they are
   * @param differences none in a plan
   * @param commit the ledger's entry, if it was published; else 0
   * @param branch where the result can be looked at, or empty
   */
  private record Answer(
      boolean complete,
      Corrected commits,
      Corrected fromBronze,
      List<ReadLine> reads,
      List<TableLine> tables,
      List<RebuiltTable.Differences> differences,
      long commit,
      String branch) {}

  public static void main(String[] args) throws InterruptedException {
    JsonLines.process(
        args,
        (project, data, lines) -> {
          String kafka =
              Endpoints.find(data.endpoints())
                  .map(Endpoints::kafka)
                  .orElseThrow(
                      () ->
                          MillraceException.caller(
                              "Cannot replay: nothing runs on " + data.root()));
          try (Lake lake = Lake.open(data);
              Ledger ledger = Ledger.open(data.metadata());
              ReplayTopics topics = new ReplayTopics(kafka)) {
            new ReplayMain(project, data, args[2], lake, ledger, lines)
                .replay(args[3], asked(args), topics);
          }
        });
  }

  /** With the pseudonyms that the stream gave, also to people who were erased. */
  private Optional<PersonalData> personal() {
    Optional<PersonalData> personal = PersonalData.of(contract, data);
    try (Erasures erasures = Erasures.open(data.metadata(), InstantSource.system())) {
      personal.ifPresent(it -> it.goBy(erasures.all()));
    }
    return personal;
  }

  /** What is to be replayed. */
  private record Asked(Instant from, Optional<Instant> to, Optional<Source> only) {}

  private static Asked asked(String[] args) {
    return new Asked(
        Instant.parse(args[5]),
        args.length > 6 ? Optional.of(Instant.parse(args[6])) : Optional.empty(),
        Arrays.stream(Source.values()).filter(it -> it.toString().equals(args[4])).findFirst());
  }

  private List<ErasedRow> erased(TableName table) {
    try (Erasures erasures = Erasures.open(data.metadata(), InstantSource.system())) {
      return erasures.erased(table);
    }
  }

  private void replay(String mode, Asked asked, ReplayTopics topics) throws InterruptedException {
    requireNoneWaits();
    Optional<ReplayPlan> found =
        ReplayPlan.of(contract, ledger, topics, asked.from(), asked.to(), asked.only());
    if (found.isEmpty()) {
      lines.say(new Answer(true, null, null, List.of(), List.of(), List.of(), 0, ""));
      return;
    }
    ReplayPlan plan = found.get();
    if (mode.equals("plan")) {
      lines.say(answer(plan, List.of(), 0, ""));
      return;
    }
    try (Rebuild rebuild =
        new Rebuild(
            contract,
            project.settings().maxEventBytes(),
            plan,
            topics,
            lake,
            personal(),
            this::erased,
            read -> lines.say(new Progress(false, read, plan.records())))) {
      Correction correction = rebuild.run();
      if (rebuild.differs() && mode.equals("swap")) {
        long commit = swap(correction);
        lines.say(answer(plan, rebuild.differences(), commit, ""));
      } else if (rebuild.differs()) {
        rebuild.keep();
        lines.say(answer(plan, rebuild.differences(), 0, CorrectionBranch.COMPARED));
      } else {
        lake.dropCorrections(contract, ledger);
        lines.say(answer(plan, rebuild.differences(), 0, ""));
      }
    }
  }

  private void requireNoneWaits() {
    if (ledger.proposed(contract.name()).isPresent()) {
      throw MillraceException.world(
          "Cannot replay '%s': the replay before is being swapped in, which the stream does at its next commit; try again after it"
              .formatted(contract.name()));
    }
  }

  /** Hands the correction to the stream, which alone adds to the ledger, and waits for it. */
  private long swap(Correction correction) throws InterruptedException {
    long before = ledger.last(contract.name()).map(LedgerEntry::sequence).orElse(0L);
    if (!ledger.propose(correction)) {
      requireNoneWaits();
    }
    if (!JsonLines.awaitCommit(() -> ledger.proposed(contract.name()).isPresent())) {
      throw MillraceException.unknown(
          "Cannot say when '%s' is swapped: the stream has not committed for %d s; it does it at its next commit"
              .formatted(contract.name(), JsonLines.PATIENCE.toSeconds()),
          null);
    }
    return ledger.after(contract.name(), before).stream()
        .filter(entry -> entry.corrects().equals(Optional.of(correction.corrects())))
        .findFirst()
        .map(LedgerEntry::sequence)
        .orElseThrow(
            () ->
                MillraceException.world(
                    "Cannot swap '%s': its tables were changed while it was replayed; nothing was swapped, replay again"
                        .formatted(contract.name())));
  }

  private Answer answer(
      ReplayPlan plan, List<RebuiltTable.Differences> differences, long commit, String branch) {
    List<Stretch> stretches = plan.reads().stream().map(Read::stretch).toList();
    Map<TableName, Long> rows = plan.rows(contract.name(), ledger);
    List<TableLine> tables = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      TableName name = outcome.table(contract);
      tables.add(
          new TableLine(
              name.toString(),
              rows.getOrDefault(name, 0L),
              List.copyOf(
                  RebuiltTable.asItIs(name, contract, lake.load(name)).partitionsWith(stretches))));
    }
    return new Answer(
        true,
        plan.commits(),
        plan.fromBronze().map(FromBronze::commits).orElse(null),
        plan.reads().stream().map(ReplayMain::line).toList(),
        tables,
        differences,
        commit,
        branch);
  }

  private static ReadLine line(Read read) {
    TopicPartition key = read.key();
    return new ReadLine(
        read.source().toString(), key.topic(), key.partition(), read.from(), read.to());
  }
}
