package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.MetadataTables;
import io.millrace.core.MetadataTables.Statements;
import io.millrace.core.TableName;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Known;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Stale;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Which intervals of which tables are wanted, and which have been built. One process writes it; its
 * threads may share it.
 */
public final class IntervalLedger implements AutoCloseable {

  /** Whatever ends the process each time it is built is not tried for ever. */
  static final int MAX_CUT_OFF = 5;

  private static final String WANT = MetadataTables.script(IntervalLedger.class, "want.sql");
  private static final String OF = " WHERE table_name = ? AND from_micros = ? AND to_micros = ?";
  private static final String DUE_AGAIN = "CASE WHEN built > 0 THEN 'stale' ELSE 'wanted' END";

  private final MetadataTables database;
  private final InstantSource clock;
  private final SortedMap<TableName, TableState> tables = new TreeMap<>();

  private IntervalLedger(MetadataTables database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    readTables();
  }

  /**
   * Opens the ledger, making it if there is none.
   *
   * @param metadata the metadata database
   */
  public static IntervalLedger open(Path metadata, InstantSource clock) {
    return new IntervalLedger(
        MetadataTables.open(
            metadata, "the ledger of intervals", IntervalLedger.class, "ledger.sql"),
        clock);
  }

  private void readTables() {
    Map<TableName, Map<TableName, Long>> positions = new HashMap<>();
    database.select(
        row ->
            positions
                .computeIfAbsent(table(row), key -> new HashMap<>())
                .put(TableName.parse(row.getString("input")), row.getLong("snapshot")),
        "SELECT * FROM ledger_positions");
    database.select(
        row ->
            tables.put(
                table(row),
                new TableState(
                    Optional.ofNullable(row.getString("definition")),
                    positions.getOrDefault(table(row), Map.of()),
                    Optional.ofNullable(row.getString("held")),
                    MetadataTables.time(row, "fired_micros"),
                    MetadataTables.number(row, "unreleased"),
                    row.getBoolean("rebuilding"))),
        "SELECT * FROM ledger_tables");
  }

  /** All tables it has heard of. */
  public synchronized SortedMap<TableName, TableState> tables() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  public synchronized TableState table(TableName table) {
    return tables.getOrDefault(table, TableState.NEW);
  }

  /** What is to be told to the warehouse when it looks at a table. */
  public Known known(TableName table) {
    TableState state = table(table);
    return new Known(state.definition(), state.positions(), intervals(table));
  }

  private SortedSet<Interval> intervals(TableName table) {
    return new TreeSet<>(
        database.select(
            MetadataTables::interval,
            "SELECT from_micros, to_micros FROM intervals WHERE table_name = ?",
            table.toString()));
  }

  /** All intervals of a table, in order. */
  public List<Entry> entries(TableName table) {
    return entriesWhere("table_name = ?", table.toString());
  }

  /** The intervals of a table that are not done, in order. */
  public List<Entry> open(TableName table) {
    return entriesWhere("table_name = ? AND state <> 'done'", table.toString());
  }

  private List<Entry> entriesWhere(String where, Object... values) {
    return database.select(
        IntervalLedger::entry,
        "SELECT * FROM intervals WHERE " + where + " ORDER BY table_name, from_micros, to_micros",
        values);
  }

  /** How many intervals of each table are in each state. */
  public SortedMap<TableName, Map<Entry.State, Integer>> counts() {
    SortedMap<TableName, Map<Entry.State, Integer>> counts = new TreeMap<>();
    database.select(
        row ->
            counts
                .computeIfAbsent(table(row), key -> new EnumMap<>(Entry.State.class))
                .put(state(row), row.getInt("n")),
        "SELECT table_name, state, count(*) AS n FROM intervals GROUP BY table_name, state");
    return counts;
  }

  /** Tables with an interval whose time to be tried again has come. */
  public SortedSet<TableName> triedAgain(Instant now) {
    return new TreeSet<>(
        database.select(
            IntervalLedger::table,
            "SELECT DISTINCT table_name FROM intervals WHERE attempts > 0"
                + " AND not_before_micros <= ? AND state IN ('wanted', 'stale')"
                + " AND backfill IS NULL",
            MetadataTables.micros(now)));
  }

  /** Keeps what a look has found: positions, definition and intervals together or not at all. */
  public synchronized void looked(TableName table, Looked looked) {
    TableState before = table(table);
    TableState after = before.looked(looked);
    if (after.equals(before) && looked.stale().isEmpty()) {
      return;
    }
    database.together(
        updates -> {
          save(updates, table, after);
          for (Stale stale : looked.stale()) {
            want(updates, table, stale, Extent.CHANGES, Optional.empty());
          }
        });
    tables.put(table, after);
  }

  /** Wants intervals to be built, whatever state they are in. */
  public void want(TableName table, Collection<Interval> intervals, Extent extent, String why) {
    want(table, intervals, extent, why, Optional.empty());
  }

  void want(
      TableName table,
      Collection<Interval> intervals,
      Extent extent,
      String why,
      Optional<Long> backfill) {
    database.together(
        updates -> {
          for (Interval interval : intervals) {
            want(updates, table, new Stale(interval, why), extent, backfill);
          }
        });
  }

  private void want(
      Statements updates, TableName table, Stale stale, Extent extent, Optional<Long> backfill)
      throws SQLException {
    updates.update(
        WANT,
        table.toString(),
        MetadataTables.micros(stale.interval().start()),
        MetadataTables.micros(stale.interval().end()),
        Runs.word(extent),
        stale.why(),
        backfill.orElse(null),
        now());
  }

  void started(TableName table, Collection<Interval> intervals, long run) {
    each(
        table,
        intervals,
        "state = 'running', building = wanted, attempts = attempts + 1, run = ?",
        run);
  }

  /** Keeps that intervals were built, and that no release names the table as it is now. */
  synchronized void built(TableName table, Map<Interval, Long> rows, long run) {
    TableState after = table(table).builtBy(run);
    database.together(
        updates -> {
          save(updates, table, after);
          for (Map.Entry<Interval, Long> built : rows.entrySet()) {
            update(
                updates,
                table,
                built.getKey(),
                "state = CASE WHEN wanted > building THEN 'stale' ELSE 'done' END,"
                    + " extent = CASE WHEN wanted > building THEN extent ELSE 'changes' END,"
                    + " backfill = CASE WHEN wanted > building THEN backfill END,"
                    + " built = building, message = '', attempts = 0, not_before_micros = 0,"
                    + " rows = ?",
                built.getValue());
          }
        });
    tables.put(table, after);
  }

  /**
   * Keeps that intervals could not be built.
   *
   * @param again when they are tried again; never by themselves if empty
   */
  void failed(
      TableName table, Collection<Interval> intervals, String message, Optional<Instant> again) {
    String state = again.isPresent() ? DUE_AGAIN : "'failed'";
    each(
        table,
        intervals,
        "state = CASE WHEN wanted > building THEN "
            + DUE_AGAIN
            + " ELSE "
            + state
            + " END,"
            + " message = ?, not_before_micros = ?",
        message,
        again.map(MetadataTables::micros).orElse(0L));
  }

  void skipped(TableName table, Collection<Interval> intervals, String why) {
    each(table, intervals, "state = 'skipped', message = ?", why);
  }

  /**
   * Wants again what failed, was skipped or waits to be tried again: for a person whatever it is
   * of, for a backfill what is no other's.
   */
  void reopen(TableName table, Next.Asked asked, String why) {
    Long backfill = asked.backfill().orElse(null);
    database.write(
        "UPDATE intervals SET state = "
            + DUE_AGAIN
            + ", why = ?, message = '', attempts = 0, not_before_micros = 0, backfill = ?"
            + " WHERE table_name = ? AND from_micros < ? AND to_micros > ? AND (state IN"
            + " ('failed', 'skipped') OR (attempts > 0 AND state IN ('wanted', 'stale')))"
            + " AND (? IS NULL OR backfill IS NULL OR backfill = ?)",
        why,
        backfill,
        table.toString(),
        MetadataTables.micros(asked.span().end()),
        MetadataTables.micros(asked.span().start()),
        backfill,
        backfill);
  }

  /** Takes back what a backfill wanted and has not built. */
  void revoke(long backfill, String why) {
    String its = " WHERE backfill = ? AND state <> 'running'";
    database.together(
        updates -> {
          updates.update("DELETE FROM intervals" + its + " AND wanted = 1", backfill);
          updates.update(
              "UPDATE intervals SET wanted = wanted - 1, message = ?, backfill = NULL,"
                  + " state = CASE WHEN built >= wanted - 1 THEN 'done' ELSE 'skipped' END"
                  + its,
              why,
              backfill);
        });
  }

  /** Wants again what a process that is no more has left running. */
  void recover() {
    database.write(
        "UPDATE intervals SET why = ?, state = CASE WHEN attempts < ? THEN "
            + DUE_AGAIN
            + " ELSE 'failed' END, message = CASE WHEN attempts < ? THEN '' ELSE ? END"
            + " WHERE state = 'running'",
        Runs.CUT_OFF,
        MAX_CUT_OFF,
        MAX_CUT_OFF,
        "the process ended %d times while it was built".formatted(MAX_CUT_OFF));
  }

  /** Keeps a table from being built by itself; or not any more, without a reason. */
  void hold(TableName table, Optional<String> why) {
    change(table, state -> state.held(why));
  }

  /** Has the next look find everything new: the table was set back to what it was before. */
  public void forget(TableName table) {
    change(table, TableState::forgotten);
  }

  void fired(TableName table, Instant at) {
    change(table, state -> state.fired(at));
  }

  /**
   * Tables as they were built since they were released, and by which run; some runs left out, and
   * tables that another definition has not built whole yet.
   */
  synchronized SortedMap<TableName, Long> unreleased(Set<Long> butOf) {
    SortedMap<TableName, Long> unreleased = new TreeMap<>();
    tables.forEach(
        (table, state) ->
            state
                .unreleased()
                .filter(run -> !butOf.contains(run))
                .filter(run -> !state.rebuilding() || isBuilt(table))
                .ifPresent(run -> unreleased.put(table, run)));
    return unreleased;
  }

  private boolean isBuilt(TableName table) {
    return database
        .select(
            row -> row.getLong(1),
            "SELECT 1 FROM intervals WHERE table_name = ? AND state NOT IN ('done', 'skipped') LIMIT 1",
            table.toString())
        .isEmpty();
  }

  /** What another run has built meanwhile stays unreleased. */
  synchronized void released(Map<TableName, Long> released) {
    released.forEach(
        (table, run) -> {
          if (table(table).unreleased().equals(Optional.of(run))) {
            change(table, TableState::released);
          }
        });
  }

  private synchronized void change(TableName table, UnaryOperator<TableState> change) {
    TableState after = change.apply(table(table));
    database.together(updates -> save(updates, table, after));
    tables.put(table, after);
  }

  private void save(Statements updates, TableName table, TableState state) throws SQLException {
    updates.update(
        "INSERT OR REPLACE INTO ledger_tables VALUES (?, ?, ?, ?, ?, ?)",
        table.toString(),
        state.definition().orElse(null),
        state.held().orElse(null),
        state.fired().map(MetadataTables::micros).orElse(null),
        state.unreleased().orElse(null),
        state.rebuilding());
    if (state.positions().equals(table(table).positions())) {
      return;
    }
    updates.update("DELETE FROM ledger_positions WHERE table_name = ?", table.toString());
    for (Map.Entry<TableName, Long> position : state.positions().entrySet()) {
      updates.update(
          "INSERT INTO ledger_positions VALUES (?, ?, ?)",
          table.toString(),
          position.getKey().toString(),
          position.getValue());
    }
  }

  private void each(TableName table, Collection<Interval> intervals, String set, Object... values) {
    database.together(
        updates -> {
          for (Interval interval : intervals) {
            update(updates, table, interval, set, values);
          }
        });
  }

  private void update(
      Statements updates, TableName table, Interval interval, String set, Object... values)
      throws SQLException {
    Object[] all = new Object[values.length + 4];
    System.arraycopy(values, 0, all, 0, values.length);
    all[values.length] = now();
    all[values.length + 1] = table.toString();
    all[values.length + 2] = MetadataTables.micros(interval.start());
    all[values.length + 3] = MetadataTables.micros(interval.end());
    updates.update("UPDATE intervals SET " + set + ", changed_micros = ?" + OF, all);
  }

  private long now() {
    return MetadataTables.micros(clock.instant());
  }

  private static TableName table(ResultSet row) throws SQLException {
    return TableName.parse(row.getString("table_name"));
  }

  private static Entry.State state(ResultSet row) throws SQLException {
    return Entry.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        table(row),
        MetadataTables.interval(row),
        state(row),
        Extent.valueOf(row.getString("extent").toUpperCase(Locale.ROOT)),
        row.getString("why"),
        row.getString("message"),
        row.getInt("attempts"),
        MetadataTables.instant(row.getLong("not_before_micros")),
        MetadataTables.number(row, "backfill"),
        MetadataTables.number(row, "run"),
        MetadataTables.number(row, "rows"),
        MetadataTables.instant(row.getLong("changed_micros")));
  }

  @Override
  public void close() {
    database.close();
  }
}
