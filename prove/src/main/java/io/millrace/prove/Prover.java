package io.millrace.prove;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Engine;
import io.millrace.event.PersonalKey;
import io.millrace.event.Protection;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.Releases;
import io.millrace.lake.Schemas;
import io.millrace.live.LiveValues;
import io.millrace.project.Project;
import io.millrace.project.SqlReader;
import io.millrace.project.StreamContract;
import io.millrace.prove.Acknowledgements.Count;
import io.millrace.prove.Topics.Extent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Table;

/**
 * Proves the balance of a project's streams, while they run, and what its own balances say of the
 * warehouse.
 *
 * <p>The ledger is read before the tables and Kafka's ends after it, so that a commit or an event
 * that comes in between is in flight, never a breach. Safe for several threads, one proof at a
 * time.
 */
public final class Prover {

  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private final String kafka;
  private final LiveValues live;
  private final BalanceCheck balances;
  private final InstantSource clock;

  /** How far each ledger was walked; a full proof walks it again from the first entry. */
  private final Map<String, LedgerWalk> walks = new HashMap<>();

  /**
   * @param kafka bootstrap servers
   * @param live the live values of the project, which are followed while they are proven
   * @param engine counts the project's balances, whose SQL the reader reads; stays open
   */
  public Prover(
      Project project,
      DataDirectory data,
      Lake lake,
      String kafka,
      LiveValues live,
      Engine engine,
      SqlReader sql,
      InstantSource clock) {
    this.project = project;
    this.data = data;
    this.lake = lake;
    this.kafka = kafka;
    this.live = live;
    this.balances = new BalanceCheck(project, engine, sql);
    this.clock = clock;
  }

  /** Proves every stream and every balance. */
  public synchronized Proof prove(Depth depth) {
    List<StreamProof> streams = prove(List.copyOf(project.streams().values()), depth);
    try (Releases releases = Releases.open(data.metadata(), clock)) {
      return new Proof(clock.instant(), depth, streams, balances.check(releases.newest(), depth));
    }
  }

  /**
   * Proves one stream.
   *
   * @throws MillraceException if the project has no such stream, or Kafka or the lake cannot be
   *     read
   */
  public synchronized Proof prove(String stream, Depth depth) {
    List<StreamProof> streams = prove(List.of(project.contract(stream)), depth);
    return new Proof(clock.instant(), depth, streams, List.of());
  }

  private List<StreamProof> prove(List<StreamContract> contracts, Depth depth) {
    List<StreamProof> proofs = new ArrayList<>();
    try (Ledger ledger = Ledger.open(data.metadata());
        Erasures erasures = Erasures.open(data.metadata(), clock);
        Topics topics = new Topics(kafka)) {
      for (StreamContract contract : contracts) {
        proofs.add(
            prove(contract, depth, new LedgerPages(ledger, contract.name()), erasures, topics));
      }
    }
    return proofs;
  }

  private StreamProof prove(
      StreamContract contract, Depth depth, LedgerPages ledger, Erasures erasures, Topics topics) {
    if (depth == Depth.FULL) {
      walks.remove(contract.name());
    }
    LedgerWalk walk = walks.computeIfAbsent(contract.name(), name -> new LedgerWalk(contract));
    walk.goOn(ledger);
    List<Breach> breaches = new ArrayList<>(walk.breaches());
    // All at once and right after the ledger: a rescan takes long, and tables forget snapshots.
    Map<TableName, Long> erased = erased(contract, erasures);
    SortedMap<TableName, Table> tables = tables(contract, walk, breaches);
    while (!erased.equals(erased(contract, erasures))) {
      erased = erased(contract, erasures);
      tables = tables(contract, walk, breaches);
    }
    for (Map.Entry<TableName, Table> each : tables.entrySet()) {
      long rows = erased.get(each.getKey());
      breaches.addAll(
          new TableCheck(each.getKey(), each.getValue(), contract, walk, ledger, rows).breaches());
    }
    if (depth == Depth.FULL) {
      ChangedRows changed =
          new ChangedRows(
              contract, project.settings().maxEventBytes(), topics, protection(contract));
      breaches.addAll(
          new Rescan(contract, tables, walk, ledger, topics, changed, erasures::erased).breaches());
    }
    SortedMap<TopicPartition, Count> acknowledged =
        Acknowledgements.read(data.metadata(), contract.topic(), contract.rejectedTopic());
    Optional<LiveProof> proven =
        depth == Depth.FULL
            ? live.find(contract.name())
                .map(it -> new LiveCheck(it, lake, data.metadata(), clock, topics).prove(breaches))
            : Optional.empty();
    Map<TopicPartition, Extent> extents =
        topics.extents(List.of(contract.topic(), contract.rejectedTopic()));
    TopicCheck check = new TopicCheck(walk, acknowledged, extents);
    breaches.addAll(check.breaches());
    Map<TopicPartition, Long> uncommitted = check.uncommitted();
    Set<TopicPartition> markers = topics.withoutRecords(uncommitted, extents);
    long absent = check.uncommitted(markers);
    return new StreamProof(
        contract.name(),
        acknowledged.values().stream().mapToLong(Count::events).sum(),
        check.offsets(),
        walk.loaded(),
        walk.accepted() - erased.get(contract.bronze()),
        walk.rejected() - erased.get(TableName.rejected(contract.name())),
        walk.repeated() - erased.get(TableName.repeated(contract.name())),
        walk.late() - erased.get(TableName.late(contract.name())),
        erased.values().stream().mapToLong(Long::longValue).sum(),
        walk.absent() + absent,
        check.uncommitted(uncommitted.keySet()) - absent,
        proven,
        breaches);
  }

  /** How many rows each table has lost with the people they were of. */
  private static Map<TableName, Long> erased(StreamContract contract, Erasures erasures) {
    Map<TableName, Long> rows = new HashMap<>();
    contract.tables().keySet().forEach(table -> rows.put(table, erasures.rows(table)));
    return rows;
  }

  private Protection protection(StreamContract contract) {
    return contract.isPersonal()
        ? Protection.of(contract, PersonalKey.of(data).pseudonyms())
        : Protection.NONE;
  }

  private SortedMap<TableName, Table> tables(
      StreamContract contract, LedgerWalk walk, List<Breach> breaches) {
    SortedMap<TableName, Table> tables = new TreeMap<>();
    for (TableName name : Schemas.tables(contract).keySet()) {
      lake.find(name).ifPresent(table -> tables.put(name, table));
      long rows = walk.total(name).rows();
      if (!tables.containsKey(name) && rows > 0) {
        breaches.add(
            new Breach(
                Breach.Kind.MISSING,
                "the lake has no table %s, and the ledger counts %d rows in it"
                    .formatted(name, rows)));
      }
    }
    return tables;
  }
}
