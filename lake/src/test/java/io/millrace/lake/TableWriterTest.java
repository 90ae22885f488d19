package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {

  private static final long DAY = 86_400_000_000L;
  private static final Field LINES =
      Field.optional(
          "lines",
          new Type.ListOf(
              new Type.Struct(
                  List.of(
                      Field.required("sku", Scalar.STRING),
                      Field.optional("prices", new Type.ListOf(new Type.Decimal(30, 4)))))));
  private static final List<Field> ALL =
      List.of(
          Contracts.EVENT_ID,
          Contracts.EVENT_TIME,
          Contracts.USER,
          Contracts.QUANTITY,
          Contracts.ITEM,
          Contracts.TAGS,
          LINES,
          Field.optional("paid", Scalar.BOOLEAN),
          Field.optional("total", Scalar.LONG),
          Field.optional("share", Scalar.DOUBLE),
          Field.optional("born", Scalar.DATE),
          Field.optional("small", new Type.Decimal(4, 2)),
          Field.optional("wide", new Type.Decimal(38, 10)));

  @TempDir Path folder;
  private DataDirectory data;
  private Lake lake;

  @BeforeEach
  void open() {
    data = new DataDirectory(folder);
    lake = Lake.open(data);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private StreamContract prepare(Layout layout, List<Field> fields) {
    StreamContract contract = Contracts.clicks(layout, fields.toArray(Field[]::new));
    lake.prepare(contract);
    return contract;
  }

  private List<Row> written(StreamContract contract, List<Row> rows) {
    Table table = lake.load(contract.bronze());
    List<Field> columns = Schemas.bronze(contract);
    List<Row> read = new ArrayList<>();
    for (DataFile file : files(contract, rows)) {
      table.newAppend().appendFile(file).commit();
    }
    table.refresh();
    TableReader.forEach(table, table.currentSnapshot().snapshotId(), columns, read::add);
    return read;
  }

  private List<DataFile> files(StreamContract contract, List<Row> rows) {
    try (TableWriter writer =
        new TableWriter(lake.load(contract.bronze()), Schemas.bronze(contract))) {
      rows.forEach(writer::write);
      return writer.complete();
    }
  }

  private static Row event(Random random, long time, Object... values) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    List<Object> all = new ArrayList<>(List.of(id, time));
    all.addAll(Arrays.asList(values));
    all.addAll(List.of(time, 0L, random.nextLong(1_000)));
    return ValueRow.of(all.toArray());
  }

  private static <T> T maybe(Random random, T value) {
    return random.nextInt(4) == 0 ? null : value;
  }

  private static Row randomEvent(Random random) {
    Object tags =
        ValueRow.of(
            IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> maybe(random, ValueRow.utf8("tag" + i)))
                .toArray());
    Object prices =
        ValueRow.of(
            IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> maybe(random, new BigDecimal("-12345678901234567890.1234")))
                .toArray());
    Object lines =
        ValueRow.of(
            IntStream.range(0, random.nextInt(3))
                .mapToObj(
                    i ->
                        maybe(random, ValueRow.of(ValueRow.utf8("sku" + i), maybe(random, prices))))
                .toArray());
    return event(
        random,
        random.nextLong(3 * DAY),
        maybe(random, ValueRow.utf8("Ünïcode " + random.nextInt(9))),
        maybe(random, (long) random.nextInt()),
        maybe(random, ValueRow.of(ValueRow.utf8("p1"), maybe(random, random.nextLong(100_000)))),
        maybe(random, tags),
        maybe(random, lines),
        maybe(random, random.nextLong(2)),
        maybe(random, random.nextLong()),
        maybe(random, random.nextDouble()),
        maybe(random, random.nextLong(40_000) - 20_000),
        maybe(random, random.nextLong(20_000) - 9_999),
        maybe(random, new BigDecimal("-9999999999999999999999999999.9999999999")));
  }

  @Test
  void rowsComeBackAsTheyWereWritten() {
    Random random = new Random(11);
    StreamContract contract = prepare(new Layout.Day("event_time"), ALL);
    List<Row> rows = IntStream.range(0, 2_000).mapToObj(i -> randomEvent(random)).toList();

    List<Row> read = written(contract, rows);

    Fingerprint fingerprint = Fingerprint.over(Schemas.bronze(contract));
    assertThat(read.stream().map(fingerprint::of))
        .containsExactlyInAnyOrderElementsOf(rows.stream().map(fingerprint::of).toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void aFileHoldsTheRowsOfOneDay() {
    Random random = new Random(11);
    StreamContract contract =
        prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    List<Row> rows =
        List.of(event(random, 0), event(random, DAY - 1), event(random, DAY), event(random, -1));

    assertThat(files(contract, rows))
        .extracting(file -> file.partition().get(0, Integer.class) + ": " + file.recordCount())
        .containsExactlyInAnyOrder("0: 2", "1: 1", "-1: 1");
  }

  @Test
  void aBucketIsIcebergsAndNullsHaveTheirOwn() {
    Random random = new Random(11);
    StreamContract contract =
        prepare(
            new Layout.Bucket("user_id", 16),
            List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME, Contracts.USER));

    // murmur3_32("iceberg") is 1210000089: the table of hash results in Iceberg's specification.
    assertThat(
            files(
                contract,
                List.of(
                    event(random, 0, ValueRow.utf8("iceberg")), event(random, 0, (Object) null))))
        .extracting(file -> file.partition().get(0, Integer.class))
        .containsExactlyInAnyOrder(1210000089 % 16, null);
  }

  @Test
  void manyDaysAtOnceMakeMoreFilesAndLoseNothing() {
    Random random = new Random(11);
    StreamContract contract =
        prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    List<DataFile> files;
    try (TableWriter writer =
        new TableWriter(lake.load(contract.bronze()), Schemas.bronze(contract), 3)) {
      for (int day : new int[] {0, 1, 2, 0, 3, 0, 1}) {
        writer.write(event(random, day * DAY));
      }
      files = writer.complete();
    }

    assertThat(files)
        .extracting(file -> file.partition().get(0, Integer.class) + ": " + file.recordCount())
        .containsExactlyInAnyOrder("0: 3", "1: 1", "1: 1", "2: 1", "3: 1");
  }

  @Test
  void filesThatAreNotHandedOverAreTakenAway() throws Exception {
    Random random = new Random(11);
    StreamContract contract =
        prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    try (TableWriter writer =
        new TableWriter(lake.load(contract.bronze()), Schemas.bronze(contract))) {
      writer.write(event(random, 0));
    }

    try (var paths = java.nio.file.Files.walk(folder)) {
      assertThat(paths.filter(path -> path.toString().endsWith(".parquet"))).isEmpty();
    }
  }

  @Test
  void aFingerprintSeesEveryValueAndNotTheOrder() {
    List<Field> columns = List.of(Contracts.USER, Contracts.QUANTITY);
    Fingerprint fingerprint = Fingerprint.over(columns);
    Row ann = ValueRow.of(ValueRow.utf8("ann"), 1L);

    assertThat(fingerprint.of(ann)).isEqualTo(fingerprint.of(ann));
    assertThat(fingerprint.of(ValueRow.of(ValueRow.utf8("ann"), 2L)))
        .isNotEqualTo(fingerprint.of(ann));
    assertThat(fingerprint.of(ValueRow.of(ValueRow.utf8("bob"), 1L)))
        .isNotEqualTo(fingerprint.of(ann));
    assertThat(fingerprint.of(ValueRow.of(null, 1L)))
        .isNotEqualTo(fingerprint.of(ValueRow.of(ValueRow.utf8(""), 1L)));
    assertThat(
            Fingerprint.over(
                    List.of(Contracts.USER, Contracts.QUANTITY, Field.optional("new", Scalar.LONG)))
                .of(ValueRow.of(ValueRow.utf8("ann"), 1L, null)))
        .isEqualTo(fingerprint.of(ann));
  }

  @Test
  void aCommitThatIsRunAgainChangesNothing() {
    Random random = new Random(11);
    StreamContract contract =
        prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    List<Range> ranges = List.of(new Range("clicks", 0, 0, 2, 2, 0, 0, 0, 0));
    List<NewRows> rows =
        List.of(
            new NewRows(
                contract.bronze(),
                files(contract, List.of(event(random, 0), event(random, 0))),
                2,
                7));
    for (int attempt = 0; attempt < 3; attempt++) {
      try (Commits commits =
          new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
        commits.commit("clicks", 5, ranges, rows);
      }
    }

    assertThat(lake.pin(AsOf.now()).get(contract.bronze()).rows()).isEqualTo(2);
    try (Ledger ledger = Ledger.open(data.metadata())) {
      assertThat(ledger.after("clicks", 0)).hasSize(1);
      assertThat(ledger.ends("clicks")).containsEntry(new TopicPartition("clicks", 0), 2L);
    }
  }

  @Test
  void aSealFitsWhateverOrderTheRangesCameIn() {
    prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    List<Range> ranges =
        List.of(
            new Range("clicks.rejected", 0, 0, 1, 0, 1, 0, 0, 0),
            new Range("clicks", 2, 0, 1, 1, 0, 0, 0, 0),
            new Range("clicks", 1, 0, 1, 1, 0, 0, 0, 0));
    try (Commits commits =
        new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
      commits.commit("clicks", 5, ranges, List.of());
    }

    try (Ledger ledger = Ledger.open(data.metadata())) {
      LedgerEntry read = ledger.last("clicks").orElseThrow();
      assertThat(read.seal()).isEqualTo(read.sealOver(LedgerEntry.NO_SEAL));
    }
  }

  @Test
  void anAppendWhoseLedgerEntryWasLostIsFoundAgain() throws Exception {
    Random random = new Random(11);
    StreamContract contract =
        prepare(new Layout.Day("event_time"), List.of(Contracts.EVENT_ID, Contracts.EVENT_TIME));
    List<Range> ranges = List.of(new Range("clicks", 0, 0, 1, 1, 0, 0, 0, 0));
    List<NewRows> rows =
        List.of(new NewRows(contract.bronze(), files(contract, List.of(event(random, 0))), 1, 7));
    try (Commits commits =
        new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
      commits.commit("clicks", 5, ranges, rows);
    }
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + data.metadata());
        var statement = connection.createStatement()) {
      for (String table : List.of("commits", "commit_ranges", "commit_parts")) {
        statement.execute("DELETE FROM " + table);
      }
    }

    try (Commits commits =
        new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
      commits.commit("clicks", 5, ranges, rows);
    }

    assertThat(lake.pin(AsOf.now()).get(contract.bronze()).rows()).isEqualTo(1);
  }
}
