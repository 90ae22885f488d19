package io.millrace.lake;

import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.ITEM;
import static io.millrace.lake.Contracts.QUANTITY;
import static io.millrace.lake.Contracts.TAGS;
import static io.millrace.lake.Contracts.USER;
import static io.millrace.lake.Contracts.clicks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {

  private static final TableName CLICKS = TableName.bronze("clicks");

  @TempDir Path folder;
  private DataDirectory data;
  private Lake lake;

  @BeforeEach
  void open() {
    data = new DataDirectory(folder.resolve("data"));
    lake = Lake.open(data);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void makesTheTablesOfAStream() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER, ITEM, TAGS));

    assertThat(lake.pin(AsOf.now()).keySet())
        .extracting(TableName::toString)
        .containsExactly(
            "bronze.clicks",
            "quarantine.clicks_late",
            "quarantine.clicks_rejected",
            "quarantine.clicks_repeated");
    assertThat(columns(CLICKS))
        .containsExactly(
            "event_id: required uuid",
            "event_time: required timestamptz",
            "user_id: optional string",
            "item: optional struct<9: product_id: required string, 10: price: optional decimal(12, 2)>",
            "tags: optional list<string>",
            "received: required timestamptz",
            "topic_partition: required int",
            "topic_offset: required long");
    assertThat(lake.load(CLICKS).spec().fields()).hasToString("[1000: event_time_day: day(2)]");
    assertThat(lake.load(CLICKS).location()).isEqualTo(data.lake() + "/bronze/clicks");
    assertThat(columns(TableName.late("clicks")))
        .endsWith("topic_offset: required long", "reason: required string");
    assertThat(columns(TableName.rejected("clicks"))).contains("payload: optional binary");
  }

  @Test
  void partitionsByHashWhenTheContractSaysSo() {
    lake.prepare(clicks(new Layout.Bucket("user_id", 8), EVENT_ID, EVENT_TIME, USER));

    assertThat(lake.load(CLICKS).spec().fields())
        .hasToString("[1000: user_id_bucket: bucket[8](3)]");
  }

  @Test
  void preparesTwiceWithoutACommit() {
    StreamContract contract = clicks(EVENT_ID, EVENT_TIME, USER, ITEM, TAGS);
    lake.prepare(contract);
    Table first = lake.load(CLICKS);
    lake.prepare(contract);

    assertThat(lake.load(CLICKS).schema().schemaId()).isEqualTo(first.schema().schemaId());
    assertThat(lake.load(CLICKS)).extracting(Table::history).isEqualTo(first.history());
  }

  @Test
  void addsColumnsWhereTheContractHasThemAndWidens() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, QUANTITY, ITEM));
    Field wider =
        Field.optional(
            "item",
            new Type.Struct(
                List.of(
                    Field.required("sku", Scalar.STRING),
                    Field.required("product_id", Scalar.STRING),
                    Field.optional("price", new Type.Decimal(18, 2)))));
    lake.prepare(
        clicks(
            EVENT_ID,
            EVENT_TIME,
            Field.required("user_id", Scalar.STRING),
            Field.optional("quantity", Scalar.LONG),
            wider));

    assertThat(columns(CLICKS))
        .startsWith(
            "event_id: required uuid",
            "event_time: required timestamptz",
            "user_id: optional string",
            "quantity: optional long");
    Types.StructType item = lake.load(CLICKS).schema().findType("item").asStructType();
    assertThat(item.fields())
        .extracting(field -> field.name() + " " + field.isOptional() + " " + field.type())
        .containsExactly("sku true string", "product_id false string", "price true decimal(18, 2)");
  }

  @Test
  void renamesColumnsWhereTheContractSaysWhatTheyWere() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER, ITEM));
    Schema before = lake.load(CLICKS).schema();
    StreamContract renamed =
        clicks(
            EVENT_ID,
            EVENT_TIME.withAliases("at"),
            Field.optional(
                    "article",
                    new Type.Struct(
                        List.of(
                            Field.optional("cost", new Type.Decimal(14, 2)).withAliases("price"),
                            Field.required("sku", Scalar.STRING).withAliases("product_id"))))
                .withAliases("item"),
            Field.optional("user_id", Scalar.STRING));

    assertThat(lake.isPrepared(renamed)).isFalse();
    assertThat(lake.plan(renamed))
        .contains(
            "bronze.clicks: rename item to article",
            "bronze.clicks: rename item.price to cost",
            "bronze.clicks: widen item.price from decimal(12,2) to decimal(14,2)",
            "bronze.clicks: rename item.product_id to sku");
    lake.prepare(renamed);

    Schema after = lake.load(CLICKS).schema();
    assertThat(after.findField("article.sku").fieldId())
        .isEqualTo(before.findField("item.product_id").fieldId());
    assertThat(after.findField("article").fieldId()).isEqualTo(before.findField("item").fieldId());
    assertThat(columns(CLICKS))
        .contains(
            "article: optional struct<9: cost: optional decimal(14, 2), 8: sku: required string>");
    assertThat(lake.isPrepared(renamed)).isTrue();
    assertThat(lake.plan(renamed)).isEmpty();
  }

  @Test
  void aRenamedTimeStillPartitions() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME));
    StreamContract renamed =
        new StreamContract(
            "clicks",
            "",
            "",
            1,
            "event_id",
            new StreamContract.EventId.Declared("event_id"),
            "at",
            Duration.ZERO,
            Duration.ofMinutes(10),
            4,
            new Layout.Day("at"),
            StreamContract.Evolution.BACKWARD,
            20,
            List.of(EVENT_ID, Field.required("at", Scalar.TIMESTAMP).withAliases("event_time")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    lake.prepare(renamed);
    lake.prepare(renamed);

    assertThat(lake.load(CLICKS).spec().fields()).hasToString("[1000: event_time_day: day(2)]");
  }

  @Test
  void refusesANameThatAnotherColumnHad() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER));
    Field person = Field.optional("person", Scalar.STRING).withAliases("user_id");
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, person));

    assertThatThrownBy(
            () ->
                lake.prepare(
                    clicks(EVENT_ID, EVENT_TIME, Field.optional("person", Scalar.STRING), USER)))
        .hasMessage(
            "Cannot add user_id to bronze.clicks: 'person' was called so, and rows already written"
                + " know it by that name. Give the field another name");
  }

  @Test
  void aNarrowerContractFitsIntoItsColumns() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, Field.optional("quantity", Scalar.LONG)));
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, QUANTITY));

    assertThat(columns(CLICKS)).contains("quantity: optional long");
  }

  @Test
  void keepsAColumnThatTheContractNoLongerHas() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, Field.required("user_id", Scalar.STRING)));
    lake.prepare(clicks(EVENT_ID, EVENT_TIME));

    assertThat(columns(CLICKS)).contains("user_id: optional string");
  }

  @Test
  void laysNewRowsOutAnew() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER));
    lake.prepare(clicks(new Layout.Bucket("user_id", 8), EVENT_ID, EVENT_TIME, USER));

    assertThat(lake.load(CLICKS).spec().fields())
        .hasToString("[1001: user_id_bucket_8: bucket[8](3)]");
  }

  @Test
  void refusesAChangeThatOldRowsCannotFollow() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, QUANTITY));

    assertThatThrownBy(
            () ->
                lake.prepare(
                    clicks(EVENT_ID, EVENT_TIME, Field.optional("quantity", Scalar.STRING))))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot change quantity of bronze.clicks from int to string: rows already written hold"
                + " the old type. Give the field a new name, or keep its type");
  }

  @Test
  void refusesALossOfDecimalPlacesInsideAStruct() {
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, ITEM));
    Field narrower =
        Field.optional(
            "item", new Type.Struct(List.of(Field.optional("price", new Type.Decimal(14, 4)))));

    assertThatThrownBy(() -> lake.prepare(clicks(EVENT_ID, EVENT_TIME, narrower)))
        .hasMessageStartingWith(
            "Cannot change item.price of bronze.clicks from decimal(12,2) to decimal(14,4)");
  }

  @Test
  void saysThatATableIsMissing() {
    assertThatThrownBy(() -> lake.load(new TableName("gold", "daily")))
        .hasMessage("Cannot read table gold.daily: the lake has no table of this name");
  }

  @Test
  void preparesFromSeveralLakesAtOnce() throws Exception {
    DataDirectory shared = new DataDirectory(folder.resolve("shared"));
    int lakes = 4;
    CyclicBarrier start = new CyclicBarrier(lakes);
    ExecutorService threads = Executors.newFixedThreadPool(lakes);
    try {
      List<Callable<Void>> racers = new ArrayList<>();
      for (int i = 0; i < lakes; i++) {
        racers.add(
            () -> {
              start.await(10, TimeUnit.SECONDS);
              try (Lake racer = Lake.open(shared)) {
                racer.prepare(clicks(EVENT_ID, EVENT_TIME));
                racer.prepare(clicks(EVENT_ID, EVENT_TIME, USER, TAGS));
              }
              return null;
            });
      }
      for (Future<Void> racer : threads.invokeAll(racers)) {
        racer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    try (Lake after = Lake.open(shared)) {
      assertThat(after.pin(AsOf.now())).hasSize(4);
      assertThat(after.load(CLICKS).schema().columns())
          .extracting(Types.NestedField::name)
          .startsWith("event_id", "event_time", "user_id", "tags", "received");
    }
  }

  private List<String> columns(TableName table) {
    return lake.load(table).schema().columns().stream()
        .map(it -> it.name() + ": " + (it.isOptional() ? "optional " : "required ") + it.type())
        .toList();
  }
}
