package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Model;
import io.millrace.project.StreamContract;
import io.millrace.schedule.Entry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Puts the status together from the tables, the process states and the rates. */
final class StatusReader {

  private final Parts parts;
  private final Rates rates;
  private final InstantSource clock;
  private final Builds builds;

  StatusReader(Parts parts, Rates rates, InstantSource clock) {
    this.parts = parts;
    this.rates = rates;
    this.clock = clock;
    this.builds = new Builds(parts.warehouse().books().ledger());
  }

  Status read() {
    List<String> waitingFor = new ArrayList<>();
    List<ProcessState> processes = ProcessState.read(parts.data().processes());
    for (ProcessState process : processes) {
      // This process is the server: that it answers says more than the file does.
      if (process.state() != ProcessState.State.RUNNING && !process.name().equals("server")) {
        waitingFor.add("The %s process is %s".formatted(process.name(), process.state()));
      }
    }
    SortedMap<TableName, PinnedTable> tables = tables(waitingFor);
    return new Status(
        parts.project().name(),
        waitingFor.isEmpty(),
        waitingFor,
        clock.instant(),
        processes,
        parts.project().streams().values().stream().map(stream -> stream(stream, tables)).toList(),
        tables.values().stream().map(StatusReader::table).toList(),
        models(),
        running(),
        parts.warehouse().releases().newest().map(it -> new Status.Newest(it.id(), it.at())),
        parts.incidents().goingOn());
  }

  private List<Status.BuiltModel> models() {
    Builds.Look look = builds.look();
    return parts.project().models().values().stream()
        .flatMap(model -> look.of(model).map(build -> model(model, build)).stream())
        .toList();
  }

  private static Status.BuiltModel model(Model model, Builds.Build build) {
    Map<Entry.State, Integer> intervals = build.intervals();
    return new Status.BuiltModel(
        model.name().toString(),
        build.state(),
        intervals.getOrDefault(Entry.State.WANTED, 0)
            + intervals.getOrDefault(Entry.State.STALE, 0),
        intervals.getOrDefault(Entry.State.FAILED, 0),
        build.held());
  }

  private List<Status.Running> running() {
    return parts.warehouse().books().runs().running().stream()
        .map(run -> new Status.Running(run.id(), run.kind(), run.what(), run.started()))
        .toList();
  }

  private SortedMap<TableName, PinnedTable> tables(List<String> waitingFor) {
    try {
      SortedMap<TableName, PinnedTable> tables = parts.lake().pin(AsOf.now());
      for (StreamContract stream : parts.project().streams().values()) {
        if (!tables.containsKey(stream.bronze())) {
          waitingFor.add("Table %s is not made yet".formatted(stream.bronze()));
        }
      }
      return tables;
    } catch (MillraceException e) {
      waitingFor.add(e.getMessage());
      return Collections.emptySortedMap();
    }
  }

  private Status.Stream stream(StreamContract stream, Map<TableName, PinnedTable> tables) {
    String name = stream.name();
    Optional<Instant> committedAt =
        Stream.of(
                stream.bronze(),
                TableName.rejected(name),
                TableName.repeated(name),
                TableName.late(name))
            .flatMap(table -> Optional.ofNullable(tables.get(table)).stream())
            .flatMap(table -> table.committedAt().stream())
            .max(Comparator.naturalOrder());
    return new Status.Stream(
        name,
        rows(tables, stream.bronze()),
        rows(tables, TableName.rejected(name)),
        rows(tables, TableName.repeated(name)),
        rows(tables, TableName.late(name)),
        rates.received().now(name),
        rates.processed().now(name),
        committedAt);
  }

  private static long rows(Map<TableName, PinnedTable> tables, TableName name) {
    return Optional.ofNullable(tables.get(name)).map(PinnedTable::rows).orElse(0L);
  }

  private static Status.Table table(PinnedTable table) {
    return new Status.Table(
        table.name().toString(),
        table.rows(),
        table.committedAt(),
        // Ids are 64 bits and JavaScript's numbers hold 53.
        table.snapshotId().map(String::valueOf),
        table.files().size(),
        table.schema().columns().stream()
            .map(column -> new Status.Column(column.name(), column.type().toString()))
            .toList());
  }
}
