package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Prices;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What work took and what it would cost at list prices. The processor time of a process is what the
 * system says. The stream job's and the broker's is shared by the streams as their events are; the
 * server's, less what the collector measured for itself, by builds, upkeep and queries as the time
 * they took.
 */
final class Costs {

  /** A month of 365.25 days a year. */
  private static final double HOURS_OF_MONTH = 730.5;

  private static final double GB = 1e9;

  /** The work that the platform is measured by, 10 TB a day, in bytes a second. */
  private static final double REFERENCE = 1e13 / 86_400;

  private static final String TOTAL_BYTES = "total-files-size";

  private final Parts parts;
  private final InstantSource clock;

  Costs(Parts parts, InstantSource clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** What something costs is for. */
  enum Kind {
    STREAM,
    MODEL,
    QUERY,
    REST
  }

  /**
   * What one of them took.
   *
   * @param times events that were decided about, rows that were built, or queries
   * @param bytesIn that producers sent it
   * @param cpuSeconds of one processor
   * @param storedBytes in its tables now
   * @param month money for a month that goes on like this
   */
  record Line(
      Kind kind,
      String name,
      long times,
      long bytesIn,
      double cpuSeconds,
      long storedBytes,
      double month) {}

  /**
   * What all of it took.
   *
   * @param since the beginning of an hour
   * @param perEvent of all streams together; empty if no event was decided about
   * @param reference what 10 TB of such events a day would take; empty if none was sent
   */
  record Cost(
      Instant since,
      double hours,
      Prices prices,
      List<Line> lines,
      double cpuSeconds,
      long storedBytes,
      double month,
      Optional<PerEvent> perEvent,
      Optional<Sizing> reference) {}

  /**
   * What an event took, on average.
   *
   * @param bytes it came in as, of those that producers sent
   */
  record PerEvent(
      double bytes,
      double collectSeconds,
      double brokerSeconds,
      double streamSeconds,
      double storedBytes) {}

  /** Of the last hours, as far as anything was done in them. */
  Cost of(Duration span) {
    Instant now = clock.instant();
    Usage usage = parts.warehouse().books().usage();
    Instant from =
        usage
            .first(now.minus(span))
            .orElseThrow(
                () ->
                    MillraceException.caller(
                        "Cannot say what anything costs: nothing was measured in the last %d hours; the server measures each half minute"
                            .formatted(span.toHours())));
    return new Bill(from, Duration.between(from, now), usage.since(from)).cost();
  }

  /** One answer while it is put together. */
  private final class Bill {
    private final Instant from;
    private final double hours;
    private final List<Work> works;
    private final Prices prices = Prices.of(parts.project().directory());
    private final SortedMap<TableName, PinnedTable> tables = parts.lake().pin(AsOf.now());
    private final Map<String, Long> decided;
    private final List<Line> lines = new ArrayList<>();

    Bill(Instant from, Duration span, List<Work> works) {
      this.from = from;
      this.hours = Math.max(1, span.toSeconds()) / 3600.0;
      this.works = works;
      this.decided = decided(from);
    }

    Cost cost() {
      parts.project().streams().values().forEach(this::stream);
      server();
      Optional<PerEvent> event = perEvent();
      lines.sort(
          Comparator.comparing(Line::kind).thenComparing(Line::month, Comparator.reverseOrder()));
      return new Cost(
          from,
          hours,
          prices,
          List.copyOf(lines),
          lines.stream().mapToDouble(Line::cpuSeconds).sum(),
          lines.stream().mapToLong(Line::storedBytes).sum(),
          lines.stream().mapToDouble(Line::month).sum(),
          event,
          event.filter(it -> it.bytes() > 0).map(this::reference));
    }

    private Sizing reference(PerEvent event) {
      return Sizing.of(REFERENCE / event.bytes(), event.bytes(), event, parts.project(), prices);
    }

    private void stream(StreamContract contract) {
      String name = contract.name();
      double share = events() == 0 ? 0 : decided.getOrDefault(name, 0L) / (double) events();
      Optional<Work> taken = work(Usage.Kind.COLLECT, name);
      add(
          Kind.STREAM,
          name,
          decided.getOrDefault(name, 0L),
          taken.map(Work::bytes).orElse(0L),
          taken.map(it -> seconds(it.busy())).orElse(0.0)
              + share * (process("stream") + process("broker")),
          stored(contract));
    }

    private long events() {
      return decided.values().stream().mapToLong(it -> it).sum();
    }

    /** Shares out what the collector leaves of the server's processor time. */
    private void server() {
      double left = Math.max(0, process("server") - busy(Usage.Kind.COLLECT, 1));
      double pace = parts.project().settings().upkeepCpuPercent() / 100.0;
      double asked =
          busy(Usage.Kind.BUILD, 1) + busy(Usage.Kind.QUERY, 1) + busy(Usage.Kind.UPKEEP, pace);
      double part = asked <= left ? 1 : left / asked;
      parts
          .project()
          .models()
          .keySet()
          .forEach(
              model -> {
                Optional<Work> built = work(Usage.Kind.BUILD, model.toString());
                add(
                    Kind.MODEL,
                    model.toString(),
                    built.map(Work::times).orElse(0L),
                    0,
                    part * built.map(it -> seconds(it.busy())).orElse(0.0),
                    stored(model));
              });
      works.stream()
          .filter(it -> it.kind() == Usage.Kind.QUERY)
          .forEach(it -> add(Kind.QUERY, it.name(), it.times(), 0, part * seconds(it.busy()), 0));
      double upkeep = part * busy(Usage.Kind.UPKEEP, pace);
      add(Kind.REST, "upkeep", 0, 0, upkeep, 0);
      double models =
          lines.stream().filter(it -> it.kind() == Kind.MODEL).mapToDouble(Line::cpuSeconds).sum();
      double queries =
          lines.stream().filter(it -> it.kind() == Kind.QUERY).mapToDouble(Line::cpuSeconds).sum();
      add(Kind.REST, "server", 0, 0, Math.max(0, left - models - queries - upkeep), 0);
      if (events() == 0) {
        add(Kind.REST, "stream and broker", 0, 0, process("stream") + process("broker"), 0);
      }
    }

    private Optional<PerEvent> perEvent() {
      long all = events();
      if (all == 0) {
        return Optional.empty();
      }
      long sent =
          works.stream().filter(it -> it.kind() == Usage.Kind.COLLECT).mapToLong(Work::times).sum();
      long bytes =
          works.stream().filter(it -> it.kind() == Usage.Kind.COLLECT).mapToLong(Work::bytes).sum();
      long stored = parts.project().streams().values().stream().mapToLong(this::stored).sum();
      long rows =
          parts.project().streams().values().stream()
              .flatMap(Costs::tables)
              .mapToLong(
                  it -> Optional.ofNullable(tables.get(it)).map(PinnedTable::rows).orElse(0L))
              .sum();
      return Optional.of(
          new PerEvent(
              sent == 0 ? 0 : bytes / (double) sent,
              sent == 0 ? 0 : busy(Usage.Kind.COLLECT, 1) / sent,
              process("broker") / all,
              process("stream") / all,
              rows == 0 ? 0 : stored / (double) rows));
    }

    private void add(
        Kind kind, String name, long times, long bytesIn, double cpuSeconds, long storedBytes) {
      double anHour = (cpuSeconds / 3600) * Sizing.processorHour(prices) / hours;
      double month =
          anHour * HOURS_OF_MONTH + storedBytes / GB * prices.objectGbMonth().doubleValue();
      lines.add(new Line(kind, name, times, bytesIn, cpuSeconds, storedBytes, month));
    }

    private Optional<Work> work(Usage.Kind kind, String name) {
      return works.stream().filter(it -> it.kind() == kind && it.name().equals(name)).findFirst();
    }

    private double process(String name) {
      return work(Usage.Kind.PROCESS, name).map(it -> seconds(it.busy())).orElse(0.0);
    }

    private double busy(Usage.Kind kind, double factor) {
      return factor
          * works.stream()
              .filter(it -> it.kind() == kind)
              .mapToDouble(it -> seconds(it.busy()))
              .sum();
    }

    private long stored(StreamContract contract) {
      return tables(contract).mapToLong(this::stored).sum();
    }

    private long stored(TableName table) {
      return Optional.ofNullable(tables.get(table))
          .map(it -> Long.parseLong(it.summary().getOrDefault(TOTAL_BYTES, "0")))
          .orElse(0L);
    }
  }

  private static Stream<TableName> tables(StreamContract contract) {
    String name = contract.name();
    return Stream.of(
        contract.bronze(),
        TableName.rejected(name),
        TableName.repeated(name),
        TableName.late(name));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** How many events of each stream commits have decided about since then. */
  private Map<String, Long> decided(Instant from) {
    String sql =
        "SELECT stream, sum(accepted + rejected + repeated + late) FROM ops.commits WHERE corrects_from IS NULL AND committed_at >= '%s' GROUP BY stream"
            .formatted(from);
    Map<String, Long> decided = new HashMap<>();
    Engine engine = parts.engine();
    try (Rows rows = engine.query(Query.of(sql))) {
      while (rows.next()) {
        decided.put((String) rows.value(0), ((Number) rows.value(1)).longValue());
      }
    }
    return new TreeMap<>(decided);
  }
}
