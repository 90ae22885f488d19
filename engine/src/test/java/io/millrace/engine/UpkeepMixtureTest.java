package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Rewriter;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.lake.TableReader;
import io.millrace.lake.TableWriter;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.Type.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appends, builds, upkeep and deaths in a random order keep the rows that a list has. */
class UpkeepMixtureTest {

  private static final int STEPS = 60;
  private static final TableName TOTALS = new TableName("gold", "totals");
  private static final List<Field> TOTAL = List.of(Field.optional("amount", Scalar.LONG));
  private static final Schema TOTAL_COLUMNS = Schemas.schema(TOTAL);
  private static final StreamContract CONTRACT = SmallLake.clicks(SmallLake.FIELDS);

  @TempDir Path folder;
  private Lake lake;
  private Rewriter duckDb;
  private Instant now = Instant.now();
  private final List<Long> clicks = new ArrayList<>();
  private final List<Long> totals = new ArrayList<>();
  private final Map<Long, List<Long>> released = new TreeMap<>();
  private Optional<TableBuild> underWay = Optional.empty();
  private long staged;

  @BeforeEach
  void open() {
    lake = Lake.open(new DataDirectory(folder));
    lake.prepare(CONTRACT);
    duckDb = new DuckDbRewriter(256L << 20, folder.resolve("tmp"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void keepsEveryRow(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> append(step);
        case 3, 4 -> build(step, random.nextInt(4));
        case 5 -> upkeep(duckDb).run();
        case 6 -> appendDuringUpkeep(step);
        default -> now = now.plus(Duration.ofHours(1 + random.nextInt(30)));
      }
      if (random.nextInt(10) == 0) {
        dieDuringUpkeep();
      }
      assertThat(rows(SmallLake.CLICKS, "topic_offset")).as("step %d", step).isEqualTo(clicks);
      assertThat(rows(TOTALS, "amount")).as("step %d", step).isEqualTo(totals);
    }
    released.forEach(
        (snapshot, rows) ->
            assertThat(read(lake.load(TOTALS), snapshot, "amount")).isEqualTo(rows));
  }

  private Upkeep upkeep(Rewriter rewriter) {
    Instant at = now;
    UpkeepLimits limits =
        new UpkeepLimits(Duration.ofMinutes(1), Duration.ofDays(2), 100, 1L << 30);
    return new Upkeep(
        lake,
        rewriter,
        table -> table.equals(TOTALS) ? new HashSet<>(released.keySet()) : Set.of(),
        limits,
        () -> at,
        rest -> {});
  }

  private void append(long step) {
    Table table = lake.load(SmallLake.CLICKS);
    AppendFiles append = table.newAppend();
    write(table, Schemas.bronze(CONTRACT), click(step)).forEach(append::appendFile);
    append.commit();
    clicks.add(step);
  }

  private void appendDuringUpkeep(long step) {
    boolean[] appended = {false};
    upkeep(
            (table, files, order) -> {
              if (!appended[0]) {
                append(step);
                appended[0] = true;
              }
              return duckDb.rewrite(table, files, order);
            })
        .run();
  }

  /** Killed when the new files are written and nothing is committed. */
  private void dieDuringUpkeep() {
    upkeep(
            (table, files, order) -> {
              duckDb.rewrite(table, files, order);
              throw new IllegalStateException("killed");
            })
        .run((step, why) -> assertThat(why).hasMessage("killed"));
  }

  /** Begins a build, or ends the one that is under way: published, refused or forgotten. */
  private void build(long step, int how) {
    if (underWay.isEmpty() || how == 3) {
      TableBuild build = lake.build(TOTALS, TOTAL_COLUMNS, Optional.empty(), "build");
      build.stage(new Change.Add(), write(build.table(), TOTAL, ValueRow.of(step)), Map.of());
      underWay = Optional.of(build);
      staged = step;
      return;
    }
    if (how == 2) {
      underWay.get().keep("failed_" + step);
    } else {
      long snapshot = underWay.get().publish().orElseThrow();
      totals.add(staged);
      if (how == 1) {
        released.put(snapshot, List.copyOf(totals));
      }
    }
    underWay = Optional.empty();
  }

  private static ValueRow click(long offset) {
    long micros = SmallLake.NOON.toEpochMilli() * 1000;
    Object[] values = new Object[Schemas.bronze(CONTRACT).size()];
    values[0] = new byte[16];
    values[1] = micros;
    values[2] = ValueRow.utf8("user " + offset % 5);
    values[values.length - 3] = micros;
    values[values.length - 2] = 0L;
    values[values.length - 1] = offset;
    return ValueRow.of(values);
  }

  private static List<DataFile> write(Table table, List<Field> columns, ValueRow row) {
    try (TableWriter writer = new TableWriter(table, columns)) {
      writer.write(row);
      return writer.complete();
    }
  }

  private List<Long> rows(TableName name, String column) {
    PinnedTable pinned = lake.pin(new AsOf.Head()).get(name);
    return pinned == null || pinned.snapshotId().isEmpty()
        ? List.of()
        : read(lake.load(name), pinned.snapshotId().get(), column);
  }

  private static List<Long> read(Table table, long snapshot, String column) {
    List<Long> values = new ArrayList<>();
    List<Field> columns = List.of(Field.optional(column, Scalar.LONG));
    TableReader.forEach(table, snapshot, columns, row -> values.add(row.longAt(0)));
    return values.stream().sorted().toList();
  }
}
