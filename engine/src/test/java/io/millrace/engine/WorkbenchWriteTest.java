package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.lake.TableBuild.Layout;
import io.millrace.lake.TableReader;
import io.millrace.project.Batches;
import io.millrace.project.Field;
import io.millrace.project.Model;
import io.millrace.project.Settings;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Conversions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbenchWriteTest {

  private static final TableName SALES = TableName.parse("gold.sales");

  @TempDir Path folder;
  private SmallLake lake;
  private TableBuild build;
  private final SortedMap<TableName, Model> models = new TreeMap<>();

  @BeforeEach
  void open() {
    lake = SmallLake.withClicks(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void icebergReadsEveryTypeAsItWasWritten() {
    String select =
        """
        SELECT
          true AS flag, 7::UTINYINT AS small, 4000000000::UINTEGER AS large, -5::BIGINT AS number,
          18446744073709551615::UBIGINT AS unsigned, 170141183460469231731687303715884105::HUGEINT AS huge,
          1.5::FLOAT AS ratio, 0.1::DOUBLE AS exact, 12.34::DECIMAL(9,2) AS price,
          1234567890123.4567::DECIMAL(18,4) AS sum, -0.00000001::DECIMAL(38,8) AS wide,
          'ünal 東京' AS name, 'b)'::ENUM('a', 'b)') AS kind, '\\x00\\xFF'::BLOB AS bytes,
          '00000000-0000-0007-0000-000000000001'::UUID AS id, DATE '1969-12-31' AS day,
          TIME '23:59:59.000001' AS clock, TIMESTAMP '1969-12-31 23:59:59.999999' AS local_time,
          TIMESTAMPTZ '2026-03-01 12:00:00.000001+02' AS happened,
          {'sku': 'p1', 'price': 9.90::DECIMAL(9,2), 'tags': ['a', NULL]} AS item,
          [{'n': 1::BIGINT}, NULL] AS parts, [1, 2]::INTEGER[2] AS pair, MAP {'a': 1.5::DOUBLE} AS map
        """;
    Record row;
    Written written;
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, select)))) {
      written = bench.write(select, build.table(), build.staging());
      row = read(written).get(0);
    }

    assertThat(written.rows()).isEqualTo(1);
    assertThat(written.files()).hasSize(1);
    assertThat(row.getField("flag")).isEqualTo(true);
    assertThat(row.getField("small")).isEqualTo(7);
    assertThat(row.getField("large")).isEqualTo(4_000_000_000L);
    assertThat(row.getField("number")).isEqualTo(-5L);
    assertThat(row.getField("unsigned")).isEqualTo(new BigDecimal("18446744073709551615"));
    assertThat(row.getField("huge"))
        .isEqualTo(new BigDecimal("170141183460469231731687303715884105"));
    assertThat(row.getField("ratio")).isEqualTo(1.5f);
    assertThat(row.getField("exact")).isEqualTo(0.1);
    assertThat(row.getField("price")).isEqualTo(new BigDecimal("12.34"));
    assertThat(row.getField("sum")).isEqualTo(new BigDecimal("1234567890123.4567"));
    assertThat(row.getField("wide")).isEqualTo(new BigDecimal("-0.00000001"));
    assertThat(row.getField("name")).isEqualTo("ünal 東京");
    assertThat(row.getField("kind")).isEqualTo("b)");
    assertThat(row.getField("bytes")).isEqualTo(ByteBuffer.wrap(new byte[] {0, -1}));
    assertThat(row.getField("id")).isEqualTo(new UUID(7, 1));
    assertThat(row.getField("day")).isEqualTo(LocalDate.of(1969, 12, 31));
    assertThat(row.getField("clock")).isEqualTo(LocalTime.parse("23:59:59.000001"));
    assertThat(row.getField("local_time"))
        .isEqualTo(LocalDateTime.parse("1969-12-31T23:59:59.999999"));
    assertThat(row.getField("happened"))
        .isEqualTo(OffsetDateTime.parse("2026-03-01T10:00:00.000001Z"));
    Record item = (Record) row.getField("item");
    assertThat(item.getField("price")).isEqualTo(new BigDecimal("9.90"));
    assertThat((List<?>) item.getField("tags")).hasSize(2).first().isEqualTo("a");
    List<?> parts = (List<?>) row.getField("parts");
    assertThat(((Record) parts.get(0)).getField("n")).isEqualTo(1L);
    assertThat(parts.get(1)).isNull();
    assertThat(row.getField("pair")).isEqualTo(List.of(1, 2));
    assertThat(row.getField("map")).isEqualTo(Map.of("a", 1.5));
  }

  @Test
  void boundsAreExactAndNullsAreCounted() {
    String select =
        """
        SELECT * FROM (VALUES
          (TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', DATE '1960-02-29', -1.50::DECIMAL(12,2), 'a', 1.0::DOUBLE),
          (TIMESTAMPTZ '2026-03-01 12:00:00.000001+00', DATE '2026-03-01', 99.99, 'z', 'NaN'),
          (NULL, NULL, NULL, NULL, NULL)) AS t(happened, day, amount, name, ratio)
        """;
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, select)))) {
      DataFile file = bench.write(select, build.table(), build.staging()).files().get(0);

      assertThat(bounds(file, "happened")).containsExactly(-1L, 1772366400000001L);
      assertThat(bounds(file, "day"))
          .containsExactly(
              (int) LocalDate.of(1960, 2, 29).toEpochDay(),
              (int) LocalDate.of(2026, 3, 1).toEpochDay());
      assertThat(bounds(file, "amount"))
          .containsExactly(new BigDecimal("-1.50"), new BigDecimal("99.99"));
      assertThat(bounds(file, "name").stream().map(Object::toString)).containsExactly("a", "z");
      assertThat(file.upperBounds().get(id("ratio"))).isNull();
      for (String column : List.of("happened", "day", "amount", "name")) {
        assertThat(file.valueCounts().get(id(column))).isEqualTo(3);
        assertThat(file.nullValueCounts().get(id(column))).isEqualTo(1);
      }
      assertThat(file.recordCount()).isEqualTo(3);
    }
  }

  private List<Object> bounds(DataFile file, String column) {
    var type = build.table().schema().findType(column);
    return List.of(
        Conversions.fromByteBuffer(type, file.lowerBounds().get(id(column))),
        Conversions.fromByteBuffer(type, file.upperBounds().get(id(column))));
  }

  private int id(String column) {
    return build.table().schema().findField(column).fieldId();
  }

  @Test
  void readsAsATableOnceItIsPublished() {
    String select =
        "SELECT range AS n, CASE WHEN range % 2 = 0 THEN {'x': 'é' || range} END AS s FROM range(5) ORDER BY n DESC";
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, select)))) {
      Written written = bench.write(select, build.table(), build.staging());
      build.stage(new Change.All(), written.files(), Map.of());
      bench.add(SALES, new Input.Table(build.staged(), Optional.empty()));
      try (Rows rows = bench.rows("SELECT n, s.x FROM gold.sales")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.values()).containsExactly(4L, "é4");
      }
    }
    build.publish();

    Table table = lake.lake.load(SALES);
    List<Long> numbers = new ArrayList<>();
    List<Boolean> missing = new ArrayList<>();
    TableReader.forEach(
        table,
        table.currentSnapshot().snapshotId(),
        Schemas.columns(table.schema()),
        row -> {
          numbers.add(row.longAt(0));
          missing.add(row.isNull(1));
        });
    assertThat(numbers).containsExactly(4L, 3L, 2L, 1L, 0L);
    assertThat(missing).containsExactly(false, true, false, true, false);
  }

  @Test
  void givesFilesThePartitionOfTheirRows() {
    String select =
        "SELECT TIMESTAMPTZ '2026-03-01 23:00:00+00' + range * INTERVAL 1 MINUTE AS happened FROM range(%d)";
    Layout days = new Layout("happened", Batches.Size.DAY);
    try (Workshop shop = shop()) {
      begin(columns(shop, select.formatted(1)), Optional.of(days));
      try (Workbench bench = bench(shop, build)) {
        Written day = bench.write(select.formatted(60), build.table(), build.staging());
        assertThat(day.files().get(0).partition().get(0, Integer.class))
            .isEqualTo((int) LocalDate.of(2026, 3, 1).toEpochDay());
        assertThatThrownBy(() -> bench.write(select.formatted(61), build.table(), build.staging()))
            .hasMessage(
                "Cannot write millrace.gold.sales: rows that are written together must be of one day of 'happened', but there are some of 2026-03-01 and some of 2026-03-02");
        assertThatThrownBy(
                () ->
                    bench.write(
                        "SELECT NULL::TIMESTAMPTZ AS happened", build.table(), build.staging()))
            .hasMessage(
                "Cannot write millrace.gold.sales: 1 rows have no 'happened', which says where a row belongs");
      }
      assertThat(parquetFiles()).hasSize(1);
    }
  }

  @Test
  void writesNoFileWithoutRows() {
    String select = "SELECT range AS n FROM range(0)";
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, select)))) {
      Written written = bench.write(select, build.table(), build.staging());

      assertThat(written).isEqualTo(new Written(List.of(), 0));
      assertThat(parquetFiles()).isEmpty();
    }
  }

  @Test
  void castsToTheTypesOfTheTable() {
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, "SELECT 1::BIGINT AS n, 2 AS m")))) {
      Record row =
          read(bench.write(
                  "SELECT 3::SMALLINT AS m, 7::INTEGER AS n;\n-- done",
                  build.table(),
                  build.staging()))
              .get(0);
      assertThat(row.getField("n")).isEqualTo(7L);
      assertThat(row.getField("m")).isEqualTo(3);
      assertThatThrownBy(() -> bench.write("SELECT 1 AS n", build.table(), build.staging()))
          .hasMessage(
              "Cannot run the build: its SQL: it makes the columns [n], but millrace.gold.sales has [m, n]");
    }
  }

  @Test
  void namesTheLineOfAModelThatFailsWhileItIsWritten() {
    String sql = "SELECT\n  CAST('x' || range AS INTEGER) AS n\nFROM range(3);";
    models.put(SALES, Model.view(SALES, Path.of("models/gold/sales.sql"), sql, "", Set.of()));
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, "SELECT 1 AS n")))) {
      assertThatThrownBy(() -> bench.write(sql, build.table(), build.staging()))
          .hasMessage(
              "Cannot run the build: line 2 of models/gold/sales.sql: Could not convert string 'x0' to INT32");
    }
  }

  @Test
  void writesNowhereElse() {
    try (Workshop shop = shop();
        Workbench bench = bench(shop, begin(columns(shop, "SELECT 1 AS n")))) {
      assertThatThrownBy(
              () -> bench.write("SELECT 1 AS n", build.table(), folder.resolve("elsewhere")))
          .hasMessageContaining("file system operations are disabled by configuration");
    }
  }

  @Test
  void refusesColumnsThatNoTableCanHave() {
    assertRefused(
        "SELECT count(*) FROM range(3)",
        "a column is called 'count_star()'; use AS to give it a name of lower-case letters, digits and '_'");
    assertRefused(
        "SELECT 1 AS a, 2 AS a", "two columns are called 'a'; use AS to give one another name");
    assertRefused(
        "SELECT NULL AS a",
        "column 'a' has the type \"NULL\", which no table can hold; use CAST(NULL AS VARCHAR), or the type it is to have");
    assertRefused(
        "SELECT INTERVAL 1 DAY AS a",
        "column 'a' has the type INTERVAL, which no table can hold; use epoch(...) to store seconds");
    assertRefused(
        "SELECT [union_value(n := 1)] AS a",
        "column 'a' has the type UNION, which no table can hold; use a STRUCT with a field for each member");
    assertRefused(
        "SELECT MAP {{'k': 1}: 2} AS a",
        "column 'a' has a MAP with keys of type STRUCT(k INTEGER); use a LIST of STRUCTs");
    assertRefused(
        "SELECT '101'::BIT AS a",
        "column 'a' has the type BIT, which no table can hold; use CAST to give it another");
  }

  private void assertRefused(String select, String reason) {
    try (Workshop shop = shop()) {
      assertThatThrownBy(() -> columns(shop, select))
          .hasMessage("Cannot run the build: its SQL: " + reason);
    }
  }

  @Test
  void columnsOfModelsReadAsFieldsOfContracts() {
    try (Workshop shop = shop()) {
      assertThat(
              Schemas.columns(
                  columns(shop, "SELECT {'Odd \"name': [1.5::DECIMAL(9,2)]} AS a, uuid() AS b")))
          .containsExactly(
              Field.optional(
                  "a",
                  new Type.Struct(
                      List.of(
                          Field.optional("Odd \"name", new Type.ListOf(new Type.Decimal(9, 2)))))),
              Field.optional("b", Scalar.UUID));
    }
  }

  private TableBuild begin(Schema columns) {
    return begin(columns, Optional.empty());
  }

  private TableBuild begin(Schema columns, Optional<Layout> layout) {
    build = lake.lake.build(SALES, columns, layout, "build_1");
    return build;
  }

  private static Schema columns(Workshop shop, String select) {
    try (Workbench bench = shop.open(new TreeMap<>(), Optional.empty())) {
      return bench.columns(select);
    }
  }

  private static Workbench bench(Workshop shop, TableBuild build) {
    return shop.open(new TreeMap<>(), Optional.of(build.staging()));
  }

  private List<Record> read(Written written) {
    List<Record> read = new ArrayList<>();
    Table table = build.table();
    for (DataFile file : written.files()) {
      try (CloseableIterable<Record> records =
          Parquet.read(table.io().newInputFile(file.location()))
              .project(table.schema())
              .createReaderFunc(
                  message -> GenericParquetReaders.buildReader(table.schema(), message, Map.of()))
              .build()) {
        records.forEach(read::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return read;
  }

  private List<Path> parquetFiles() {
    if (!Files.exists(build.staging())) {
      return List.of();
    }
    try (var files = Files.walk(build.staging())) {
      return files.filter(it -> it.toString().endsWith(".parquet")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Workshop shop() {
    return new Workshop(models, Limits.ofBuilds(Settings.DEFAULTS), folder.resolve("tmp"));
  }
}
