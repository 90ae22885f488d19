package io.millrace.engine;

import static io.millrace.engine.SmallLake.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.lake.AsOf;
import io.millrace.lake.DataFiles;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of three days of a contract, each under the names of its day, read under those of today.
 */
class RenamedFieldsTest {

  private static final Field ID = Field.required("event_id", Scalar.UUID);
  private static final Field AT = Field.required("event_time", Scalar.TIMESTAMP);

  /** Names are given as {@code now was earlier}. */
  private static Field optional(String names, Type type) {
    String[] all = names.split(" ", -1);
    return Field.optional(all[0], type).withAliases(Arrays.copyOfRange(all, 1, all.length));
  }

  private static Type struct(Field... fields) {
    return new Type.Struct(List.of(fields));
  }

  private static final StreamContract FIRST =
      SmallLake.clicks(
          List.of(
              ID,
              AT,
              optional("visitor", Scalar.STRING),
              optional("amount", new Type.Decimal(10, 2)),
              optional(
                  "item",
                  struct(
                      optional("product_id", Scalar.STRING),
                      optional("count", Scalar.INT),
                      optional("maker", struct(optional("title", Scalar.STRING))))),
              optional(
                  "lines",
                  new Type.ListOf(
                      struct(optional("sku", Scalar.STRING), optional("n", Scalar.INT))))));

  /** Renamed on every level, widened, and grown in front. */
  private static final StreamContract SECOND =
      SmallLake.clicks(
          List.of(
              ID,
              AT,
              optional("user_id visitor", Scalar.STRING),
              optional("amount", new Type.Decimal(12, 2)),
              optional(
                  "item",
                  struct(
                      optional("colour", Scalar.STRING),
                      optional("article product_id", Scalar.STRING),
                      optional("count", Scalar.LONG),
                      optional(
                          "producer maker",
                          struct(
                              optional("town", Scalar.STRING),
                              optional("name title", Scalar.STRING))))),
              optional(
                  "lines",
                  new Type.ListOf(
                      struct(
                          optional("article sku", Scalar.STRING), optional("n", Scalar.LONG))))));

  /** Renamed once more. */
  private static final StreamContract THIRD =
      SmallLake.clicks(
          List.of(
              ID,
              AT,
              optional("person user_id", Scalar.STRING),
              optional("amount", new Type.Decimal(12, 2)),
              optional(
                  "item",
                  struct(
                      optional("colour", Scalar.STRING),
                      optional("code article", Scalar.STRING),
                      optional("count", Scalar.LONG),
                      optional(
                          "producer",
                          struct(
                              optional("town", Scalar.STRING), optional("name", Scalar.STRING))))),
              optional(
                  "lines",
                  new Type.ListOf(
                      struct(
                          optional("code article", Scalar.STRING), optional("n", Scalar.LONG))))));

  @TempDir Path folder;
  private SmallLake lake;
  private long sealed;

  @BeforeEach
  void writeThreeDays() {
    lake = new SmallLake(folder.resolve("data"));
    append(
        FIRST,
        1,
        text("ann"),
        1050L,
        row(text("p1"), 2L, row(text("Acme"))),
        list(row(text("s1"), 1L)));
    append(FIRST, 2, null, null, null, null);
    append(FIRST, 3, text("bob"), 1L, row(null, null, null), list());
    append(
        SECOND,
        4,
        text("cid"),
        999999999999L,
        row(text("red"), text("p4"), 1L << 40, row(text("Rome"), text("Bolt"))),
        list(row(text("s4"), 1L << 41), null));
    append(
        THIRD,
        5,
        text("dan"),
        5L,
        row(text("blue"), text("p5"), 5L, row(null, text("Coil"))),
        list(row(text("s5"), 5L)));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static byte[] text(String text) {
    return ValueRow.utf8(text);
  }

  private static Row row(Object... values) {
    return ValueRow.of(values);
  }

  private static Row list(Object... values) {
    return ValueRow.of(values);
  }

  /** As the stream does it: a table of today's columns, and a seal over the rows as written. */
  private void append(StreamContract contract, long offset, Object... values) {
    lake.lake.prepare(contract);
    Table table = lake.lake.load(CLICKS);
    List<Field> columns = Schemas.bronze(contract);
    List<Object> all = new ArrayList<>(List.of(new byte[16], 0L));
    all.addAll(Arrays.asList(values));
    all.addAll(List.of(0L, 0L, offset));
    Row row = ValueRow.of(all.toArray());
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, columns)) {
      writer.write(row);
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
    sealed += Fingerprint.over(table, columns).of(row);
  }

  private List<List<Object>> run(String sql) {
    List<List<Object>> rows = new ArrayList<>();
    try (DuckDbEngine engine =
            new DuckDbEngine(
                lake.lake,
                new DataDirectory(folder.resolve("data")),
                new TreeMap<>(),
                Limits.of(Settings.DEFAULTS),
                folder.resolve("tmp"));
        Rows found = engine.query(Query.of(sql))) {
      while (found.next()) {
        rows.add(found.values());
      }
    }
    return rows;
  }

  private void requireOldAndNewUnderTheNewNames() {
    assertThat(
            run(
                "SELECT person, amount, item.code, item.count, item.producer.name, lines[1].code"
                    + " FROM bronze.clicks ORDER BY topic_offset"))
        .containsExactly(
            Arrays.asList("ann", new BigDecimal("10.50"), "p1", 2L, "Acme", "s1"),
            Arrays.asList(null, null, null, null, null, null),
            Arrays.asList("bob", new BigDecimal("0.01"), null, null, null, null),
            Arrays.asList("cid", new BigDecimal("9999999999.99"), "p4", 1L << 40, "Bolt", "s4"),
            Arrays.asList("dan", new BigDecimal("0.05"), "p5", 5L, "Coil", "s5"));
    assertThat(run("SELECT item FROM bronze.clicks WHERE item.code = 'p1'").get(0).get(0))
        .hasToString("{colour=null, code=p1, count=2, producer={town=null, name=Acme}}");
    assertThat(run("SELECT count(*) FROM bronze.clicks WHERE item.producer.name = 'Acme'"))
        .containsExactly(List.of(1L));
    assertThat(run("SELECT len(lines), lines[2] FROM bronze.clicks WHERE person = 'cid'"))
        .containsExactly(Arrays.asList(2L, null));
    assertThat(run("SELECT item IS NULL, lines IS NULL FROM bronze.clicks WHERE topic_offset = 2"))
        .containsExactly(List.of(true, true));
  }

  @Test
  void everyFileIsReadUnderTheNewNames() {
    requireOldAndNewUnderTheNewNames();
  }

  @Test
  void sealsOfOldRowsHoldUnderTheNewNames() {
    Table table = lake.lake.load(CLICKS);
    List<Field> columns = Schemas.columns(table.schema());
    Fingerprint fingerprint = Fingerprint.over(table, columns);
    long[] found = {0};
    TableReader.forEach(
        table,
        table.currentSnapshot().snapshotId(),
        columns,
        row -> found[0] += fingerprint.of(row));

    assertThat(found[0]).isEqualTo(sealed);
  }

  @Test
  void compactionKeepsTheValues() {
    Table table = lake.lake.load(CLICKS);
    List<DataFile> old = DataFiles.of(table.newScan());
    RewriteFiles rewrite = table.newRewrite();
    old.forEach(rewrite::deleteFile);
    new DuckDbRewriter(256L << 20, folder.resolve("spill"))
        .rewrite(table, old, SortOrder.unsorted())
        .forEach(rewrite::addFile);
    rewrite.commit();

    assertThat(lake.lake.pin(AsOf.now()).get(CLICKS).files()).hasSize(1);
    requireOldAndNewUnderTheNewNames();
    sealsOfOldRowsHoldUnderTheNewNames();
  }
}
