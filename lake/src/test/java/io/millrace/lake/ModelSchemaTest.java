package io.millrace.lake;

import static io.millrace.lake.Sales.BRANCH;
import static io.millrace.lake.Sales.SALES;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.lake.TableBuild.Change;
import io.millrace.lake.TableBuild.Layout;
import io.millrace.project.Batches;
import io.millrace.project.Field;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of a table through builds whose SELECT changes. */
class ModelSchemaTest {

  private static final Field KEY = Field.required("key", Scalar.LONG);
  private static final Field PAID = Field.optional("paid", Scalar.INT);
  private static final Field NAME = Field.optional("name", Scalar.STRING);

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = Lake.open(new DataDirectory(folder));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void addsAndDropsColumnsAndPutsThemInOrder() {
    publish(List.of(KEY, PAID), ValueRow.of(1L, 5L));
    publish(List.of(NAME, KEY), ValueRow.of(ValueRow.utf8("Ada"), 2L));

    assertThat(columns()).containsExactly("3 name string", "1 key long");
    assertThat(rows()).containsExactly("Ada|2", "null|1");
  }

  @Test
  void widensColumnsAndNeverNarrowsThem() {
    Field wide = Field.optional("paid", Scalar.LONG);
    publish(List.of(KEY, PAID), ValueRow.of(1L, 5L));
    publish(List.of(KEY, wide), ValueRow.of(2L, 5_000_000_000L));
    publish(List.of(KEY, PAID), ValueRow.of(3L, 6L));

    assertThat(columns()).containsExactly("1 key long", "2 paid long");
    assertThat(rows()).containsExactly("1|5", "2|5000000000", "3|6");
  }

  @Test
  void makesAColumnOfAnotherTypeAnotherColumn() {
    publish(List.of(KEY, PAID), ValueRow.of(1L, 5L));
    publish(
        List.of(KEY, Field.optional("paid", Scalar.STRING)), ValueRow.of(2L, ValueRow.utf8("six")));

    assertThat(columns()).containsExactly("1 key long", "3 paid string");
    assertThat(rows()).containsExactly("1|null", "2|six");
  }

  @Test
  void findsItsColumnsAgainAfterABuildThatFailed() {
    publish(List.of(KEY, PAID), ValueRow.of(1L, 5L));
    begin(List.of(KEY, NAME)).keep("failed_1");
    begin(List.of(KEY, NAME)).keep("failed_2");
    int schemas = lake.load(SALES).schemas().size();
    publish(List.of(KEY, PAID), ValueRow.of(2L, 6L));

    assertThat(schemas).as("the second try wants what the first one did").isEqualTo(2);
    assertThat(columns()).containsExactly("1 key long", "2 paid int");
    assertThat(rows()).containsExactly("1|5", "2|6");
  }

  @Test
  void keepsMaintenanceFromLosingWhatABuildWantsNoMore() {
    publish(List.of(KEY, PAID), ValueRow.of(1L, 5L));
    publish(List.of(KEY, PAID), ValueRow.of(2L, 6L));
    Table table = lake.load(SALES);
    Instant quiet = Instant.now().plus(Duration.ofDays(2));
    List<UpkeepPlan.Rewrite> planned = Compaction.plan(SALES, table, quiet);
    assertThat(planned).hasSize(1);

    TableBuild build = begin(List.of(KEY));
    Compaction.run(planned.get(0), table, new PlainRewriter());

    assertThat(Compaction.plan(SALES, lake.load(SALES), quiet)).isEmpty();
    assertThat(rows()).containsExactly("1|5", "2|6");
    assertThat(lake.pin(new AsOf.Head()).get(SALES).files()).hasSize(2);
    build.stage(new Change.Add(), List.of(), Map.of());
    build.publish();
    assertThat(Compaction.plan(SALES, lake.load(SALES), quiet)).hasSize(1);
  }

  @Test
  void keepsStructsAndListsThatAreTheSame() {
    Field item =
        Field.optional(
            "items", new Type.ListOf(new Type.Struct(List.of(Field.required("sku", Scalar.LONG)))));
    publish(List.of(KEY, item));
    publish(List.of(KEY, item, PAID));
    publish(List.of(item, KEY));

    assertThat(columns())
        .containsExactly("2 items list<struct<4: sku: required long>>", "1 key long");
  }

  @Test
  void laysATableOutByAnotherTime() {
    Field day = Field.optional("at", Scalar.DATE);
    Field time = Field.optional("at", Scalar.TIMESTAMP);
    build(List.of(day), Batches.Size.DAY, ValueRow.of(10L), ValueRow.of(11L));
    build(List.of(day), Batches.Size.MONTH, ValueRow.of(12L), ValueRow.of(13L));
    assertThat(lake.pin(new AsOf.Head()).get(SALES).files()).hasSize(1);
    build(List.of(time), Batches.Size.HOUR, ValueRow.of(0L), ValueRow.of(3_600_000_000L));

    assertThat(columns()).containsExactly("2 at timestamptz");
    assertThat(rows()).containsExactly("1970-01-01T00:00Z", "1970-01-01T01:00Z");
    assertThat(lake.pin(new AsOf.Head()).get(SALES).files()).hasSize(2);
    build(List.of(day), Batches.Size.YEAR, ValueRow.of(10L), ValueRow.of(11L));
    assertThat(rows()).containsExactly("1970-01-11", "1970-01-12");
  }

  private void build(List<Field> columns, Batches.Size size, Row... rows) {
    TableBuild build =
        lake.build(SALES, Schemas.schema(columns), Optional.of(new Layout("at", size)), BRANCH);
    build.stage(new Change.All(), Sales.write(build.table(), rows), Map.of());
    build.publish();
  }

  private TableBuild begin(List<Field> columns) {
    return lake.build(SALES, Schemas.schema(columns), Optional.empty(), BRANCH);
  }

  private void publish(List<Field> columns, Row... rows) {
    TableBuild build = begin(columns);
    build.stage(new Change.Add(), Sales.write(build.table(), rows), Map.of());
    build.publish();
  }

  private List<String> columns() {
    return lake.pin(new AsOf.Head()).get(SALES).schema().columns().stream()
        .filter(Types.NestedField::isOptional)
        .map(it -> it.fieldId() + " " + it.name() + " " + it.type())
        .toList();
  }

  private List<String> rows() {
    return Sales.rows(lake.pin(new AsOf.Head()).get(SALES));
  }
}
