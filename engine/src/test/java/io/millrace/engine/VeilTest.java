package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.Releases;
import io.millrace.lake.TableBuild;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import io.millrace.project.Sight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of what is hidden comes through: whatever is asked, a lake and one with other secrets
 * answer the same, down to the words of their errors.
 */
class VeilTest {

  private static final TableName ORDERS = TableName.bronze("orders");
  private static final TableName PEOPLE = TableName.parse("gold.people");

  private static final String CONTRACT =
      """
      key: event_id
      event_id: event_id
      event_time: event_time
      fields:
        event_id: {type: uuid, required: true}
        event_time: {type: timestamp, required: true}
        user_id: {type: string, pii: pseudonym}
        email: {type: string, pii: clear}
        phone: {type: long, pii: clear}
        price: double
        buyer: {type: struct, fields: {name: {type: string, pii: clear}, country: string, of: {type: struct, fields: {street: {type: string, pii: clear}, town: string}}}}
        lines: {type: list, element: {type: struct, fields: {note: {type: string, pii: clear}, sku: string}}}
        nicknames: {type: list, element: string, pii: clear}
      """;

  @TempDir Path folder;
  private Path directory;
  private DuckDbSqlReader reader;
  private Project project;
  private PersonalColumns personal;

  @BeforeEach
  void begin() throws IOException {
    directory = folder.resolve("project");
    write("millrace.yaml", "");
    write("streams/orders.yaml", CONTRACT);
    write(
        "models/silver/shouted.sql", "SELECT *, upper(email) || '!' AS shouted FROM bronze.orders");
    write("models/silver/told.sql", "SELECT price * 2 AS twice, price FROM bronze.orders");
    write(
        "models/gold/people.sql",
        "SELECT user_id, lower(email) AS mail, buyer AS who, lines, count(DISTINCT phone) AS phones, length(email) % 2 AS bucket FROM bronze.orders GROUP BY ALL");
    write(
        "models/schema.yml",
        """
        models:
          - name: gold.people
            config: {materialized: table}
            columns: [{name: bucket, meta: {pii: none}}]
          - name: silver.told
            columns: [{name: twice, meta: {pii: clear}}]
        """);
    reader = new DuckDbSqlReader();
    project = ProjectReader.load(directory, reader);
    personal = PersonalColumns.of(project, Lineage.of(project, reader));
  }

  @AfterEach
  void end() {
    reader.close();
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void answersDoNotDependOnWhatIsHidden() throws IOException {
    List<String> asked = Sql.statements("veil/queries");
    List<String> one = answers(asked, "anna", "p1", Sight.HIDDEN);
    List<String> other = answers(asked, "zoey", "p2", Sight.HIDDEN);
    List<String> clear = answers(asked, "anna", "p1", Sight.CLEAR);
    List<String> otherClear = answers(asked, "zoey", "p2", Sight.CLEAR);

    for (int i = 0; i < asked.size(); i++) {
      assertThat(other.get(i)).as(asked.get(i)).isEqualTo(one.get(i)).doesNotContain("zoey", "p2");
    }
    assertThat(asked)
        .as("of which not even who sees all gets different answers")
        .filteredOn(sql -> clear.get(asked.indexOf(sql)).equals(otherClear.get(asked.indexOf(sql))))
        .isEmpty();
  }

  @Test
  void pseudonymsCanBeSeenAlone() throws IOException {
    List<String> asked =
        List.of("SELECT * FROM bronze.orders", "SELECT * FROM silver.shouted", "FROM gold.people");
    assertThat(answers(asked, "zoey", "p1", Sight.PSEUDONYMS))
        .isEqualTo(answers(asked, "anna", "p1", Sight.PSEUDONYMS))
        .allSatisfy(answer -> assertThat(answer).contains("p1").doesNotContain("zoey"));
  }

  @Test
  void whatTellsNothingOfAPersonIsShown() throws IOException {
    assertThat(
            answers(
                List.of(
                    "SELECT buyer, lines, price, nicknames FROM bronze.orders",
                    "SELECT buyer.of.town, lines[1].sku, price, count(*) FROM silver.shouted GROUP BY ALL",
                    "SELECT who, phones, mail, bucket FROM gold.people",
                    "SELECT * FROM silver.told",
                    "SELECT reason, payload, detail FROM quarantine.orders_rejected",
                    "DESCRIBE SELECT phone, nicknames, buyer FROM bronze.orders"),
                "anna",
                "p1",
                Sight.HIDDEN))
        .containsExactly(
            "[[buyer STRUCT(\"name\" VARCHAR, country VARCHAR, \"of\" STRUCT(street VARCHAR, town VARCHAR)), lines STRUCT(note VARCHAR, sku VARCHAR)[], price DOUBLE, nicknames VARCHAR[]], [{name=null, country=de, of={street=null, town=Ulm}}, [{note=null, sku=s1}, null], 2.5, null]]",
            "[[town VARCHAR, (lines[1]).sku VARCHAR, price DOUBLE, count_star() BIGINT], [Ulm, s1, 2.5, 1]]",
            "[[who STRUCT(\"name\" VARCHAR, country VARCHAR, \"of\" STRUCT(street VARCHAR, town VARCHAR)), phones BIGINT, mail VARCHAR, bucket BIGINT], [{name=null, country=de, of={street=null, town=Ulm}}, 1, null, 0]]",
            "[[twice DOUBLE, price DOUBLE], [null, 2.5]]",
            "[[reason VARCHAR, payload BLOB, detail VARCHAR], [wrong_type, null, null]]",
            "[[column_name VARCHAR, column_type VARCHAR, null VARCHAR, key VARCHAR, default VARCHAR, extra VARCHAR], [phone, BIGINT, YES, null, null, null], [nicknames, VARCHAR[], YES, null, null, null], [buyer, STRUCT(\"name\" VARCHAR, country VARCHAR, \"of\" STRUCT(street VARCHAR, town VARCHAR)), YES, null, null, null]]");
  }

  @Test
  void errorsOfBuildsSayNoPersonalValue() throws IOException {
    DataDirectory data = data("anna", "p1");
    try (Lake lake = lake(data, "anna", "p1");
        Workshop shop = shop(data);
        Workbench bench = shop.open(inputs(lake), Optional.empty())) {
      String failed =
          failure(() -> bench.rows("SELECT CAST(email AS INT) FROM bronze.orders").next());
      assertThat(failed)
          .endsWith("Conversion Error; the value is not told, for it may be personal")
          .doesNotContain("anna");
      assertThat(failure(() -> bench.rows("SELECT emial FROM bronze.orders").next()))
          .contains("emial");
    }
  }

  private static String failure(Runnable task) {
    try {
      task.run();
      return "";
    } catch (MillraceException e) {
      return e.getMessage();
    }
  }

  /** What each query answers: its columns, then its rows; or why it cannot. */
  private List<String> answers(List<String> asked, String name, String pseudonym, Sight sight)
      throws IOException {
    DataDirectory data = data(name, pseudonym);
    try (Lake lake = lake(data, name, pseudonym);
        DuckDbEngine engine =
            new DuckDbEngine(
                lake,
                data,
                project.models(),
                personal,
                Limits.of(Settings.DEFAULTS),
                folder.resolve("tmp"))) {
      return asked.stream().map(sql -> answer(engine, sql, sight)).toList();
    }
  }

  private static String answer(DuckDbEngine engine, String sql, Sight sight) {
    StringBuilder answer = new StringBuilder("[");
    try (Rows rows = engine.query(Query.of(sql).seenWith(sight))) {
      answer.append(rows.columns().stream().map(it -> it.name() + " " + it.type()).toList());
      while (rows.next()) {
        answer.append(", ").append(rows.values().stream().map(VeilTest::text).toList());
      }
    } catch (MillraceException e) {
      answer.append(", ").append(e.getMessage());
    }
    return answer.append("]").toString();
  }

  private static Object text(Object value) {
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
  }

  private DataDirectory data(String name, String pseudonym) {
    return new DataDirectory(folder.resolve(name + "-" + pseudonym));
  }

  private Workshop shop(DataDirectory data) {
    return new Workshop(
        project.models(),
        personal,
        paths -> {},
        Limits.ofBuilds(Settings.DEFAULTS),
        data.temporary("builds"));
  }

  private static SortedMap<TableName, Input> inputs(Lake lake) {
    return new TreeMap<>(
        Map.of(ORDERS, new Input.Table(lake.pin(AsOf.now()).get(ORDERS), Optional.empty())));
  }

  /** A lake with one order, what was made of it, and one that was rejected. */
  private Lake lake(DataDirectory data, String name, String pseudonym) throws IOException {
    boolean there = Files.exists(data.root());
    Lake lake = Lake.open(data);
    if (there) {
      return lake;
    }
    project.streams().values().forEach(lake::prepare);
    SmallLake.write(lake.load(ORDERS), List.of(order(lake.load(ORDERS), name, pseudonym)));
    reject(lake.load(TableName.rejected("orders")), name);
    try (Workshop shop = shop(data)) {
      build(lake, data, shop);
    }
    return lake;
  }

  private void build(Lake lake, DataDirectory data, Workshop shop) {
    String sql = project.model(PEOPLE).sql();
    try (Workbench first = shop.open(inputs(lake), Optional.empty())) {
      TableBuild build = lake.build(PEOPLE, first.columns(sql), Optional.empty(), "build_1");
      try (Workbench bench = shop.open(inputs(lake), Optional.of(build.staging()))) {
        Written written = bench.write(sql, build.table(), build.staging());
        build.stage(new TableBuild.Change.All(), written.files(), Map.of());
      }
      long snapshot = build.publish().orElseThrow();
      try (Releases releases = Releases.open(data.metadata(), InstantSource.system())) {
        releases.publish(1, "test", Map.of(PEOPLE, snapshot), Map.of());
      }
    }
  }

  private static Record order(Table table, String name, String pseudonym) {
    Record order = GenericRecord.create(table.schema());
    order.setField("event_id", new UUID(7, 1));
    order.setField("event_time", SmallLake.NOON.atOffset(ZoneOffset.UTC));
    order.setField("received", SmallLake.NOON.atOffset(ZoneOffset.UTC));
    order.setField("topic_partition", 0);
    order.setField("topic_offset", 1L);
    order.setField("user_id", pseudonym);
    order.setField("email", name + "@example.org");
    order.setField("phone", (long) name.hashCode());
    order.setField("price", 2.5);
    Record of = struct(order.struct().field("buyer").type().asStructType().field("of").type());
    of.setField("street", name + " street");
    of.setField("town", "Ulm");
    Record buyer = struct(order.struct().field("buyer").type());
    buyer.setField("name", name);
    buyer.setField("country", "de");
    buyer.setField("of", of);
    order.setField("buyer", buyer);
    Record line = struct(order.struct().field("lines").type().asListType().elementType());
    line.setField("note", "for " + name);
    line.setField("sku", "s1");
    order.setField("lines", Arrays.asList(line, null));
    order.setField("nicknames", List.of(name + "y"));
    return order;
  }

  private static Record struct(Type type) {
    return GenericRecord.create((Types.StructType) type);
  }

  private static void reject(Table table, String name) {
    Record rejected = GenericRecord.create(table.schema());
    for (Types.NestedField field : table.schema().columns()) {
      rejected.setField(field.name(), filler(field, name));
    }
    SmallLake.write(table, List.of(rejected));
  }

  private static Object filler(Types.NestedField field, String name) {
    if (field.name().equals("reason")) {
      return "wrong_type";
    }
    return switch (field.type().typeId()) {
      case STRING -> field.name().equals("detail") ? name + " is no number" : "x";
      case BINARY -> ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8));
      case INTEGER -> 1;
      case LONG -> 1L;
      case TIMESTAMP -> SmallLake.NOON.atOffset(ZoneOffset.UTC);
      default -> null;
    };
  }
}
