package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Evolution;
import io.millrace.project.StreamContract.Layout;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectReaderTest {

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory = new ProjectDirectory(folder).with("millrace.yaml", "");
  }

  @Test
  void readsAContract() {
    directory.with("streams/clicks.yaml", ProjectDirectory.CLICKS);

    assertThat(directory.load().contract("clicks"))
        .isEqualTo(
            new StreamContract(
                "clicks",
                "What visitors do in the shop",
                "web-team",
                1,
                "user_id",
                new EventId.Declared("event_id"),
                "event_time",
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                4,
                new Layout.Day("event_time"),
                Evolution.BACKWARD,
                20,
                List.of(
                    Field.required("event_id", Type.Scalar.UUID),
                    limited(
                        "event_type",
                        true,
                        Type.Scalar.STRING,
                        List.of("page_view", "search"),
                        Optional.empty()),
                    Field.required("event_time", Type.Scalar.TIMESTAMP),
                    Field.optional("user_id", Type.Scalar.STRING),
                    Field.optional(
                        "item",
                        new Type.Struct(
                            List.of(
                                Field.optional("price", new Type.Decimal(12, 2)),
                                limited(
                                    "quantity",
                                    false,
                                    Type.Scalar.INT,
                                    List.of(),
                                    Optional.of(BigDecimal.ONE))))),
                    Field.optional("tags", new Type.ListOf(Type.Scalar.STRING))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private static Field limited(
      String name, boolean required, Type type, List<String> oneOf, Optional<BigDecimal> min) {
    return new Field(
        name,
        type,
        required,
        oneOf,
        min,
        Optional.empty(),
        Field.DEFAULT_MAX_LENGTH,
        "",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void readsADerivedEventIdAndHowCsvBecomesEvents() {
    directory.with(
        "streams/invoices.yaml",
        """
        key: invoice
        event_id: {derived_from: [invoice, sold_at]}
        event_time: sold_at
        partition: bucket(invoice, 16)
        fields:
          invoice: {type: string, required: true, max_length: 20, description: Number on paper}
          sold_at: {type: timestamp, required: true}
        csv:
          delimiter: ";"
          columns: {Invoice: invoice, InvoiceDate: sold_at}
          timestamp_pattern: yyyy-MM-dd HH:mm
          zone: Europe/London
        """);

    StreamContract contract = directory.load().contract("invoices");
    assertThat(contract.eventId()).isEqualTo(new EventId.Derived(List.of("invoice", "sold_at")));
    assertThat(contract.layout()).isEqualTo(new Layout.Bucket("invoice", 16));
    assertThat(contract.field("invoice").maxLength()).isEqualTo(20);
    assertThat(contract.field("invoice").description()).isEqualTo("Number on paper");
    assertThat(contract.csv())
        .contains(
            new StreamContract.Csv(
                ';',
                Map.of("Invoice", "invoice", "InvoiceDate", "sold_at"),
                Optional.of("yyyy-MM-dd HH:mm"),
                ZoneId.of("Europe/London")));
  }

  @Test
  void takesTheDirectorysNameAndTheDefaultsFromAnEmptyFile() {
    Project project = directory.load();
    assertThat(project.name()).isEqualTo(folder.getFileName().toString());
    assertThat(project.settings()).isEqualTo(Settings.DEFAULTS);
    assertThat(project.settings().commitInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(project.settings().queryMemoryBytes()).isEqualTo(512L << 20);
  }

  @Test
  void readsSettingsWithTheirUnits() {
    directory.with(
        "millrace.yaml",
        """
        name: shop
        settings:
          kafka: broker-1:9092,broker-2:9092
          commit_interval: 30s
          query_memory: 2GB
          topic_retention: 14d
          hourly_snapshots: 30d
          build_memory: 4GB
          build_parallelism: 8
          upkeep_cpu: 100
          upkeep_bytes: 20GB
        """);
    Project project = directory.load();
    assertThat(project.name()).isEqualTo("shop");
    assertThat(project.settings().kafka()).contains("broker-1:9092,broker-2:9092");
    assertThat(project.settings().commitInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(project.settings().queryMemoryBytes()).isEqualTo(2L << 30);
    assertThat(project.settings().topicRetention()).isEqualTo(Duration.ofDays(14));
    assertThat(project.settings().hourlySnapshots()).isEqualTo(Duration.ofDays(30));
    assertThat(project.settings().buildMemoryBytes()).isEqualTo(4L << 30);
    assertThat(project.settings().buildParallelism()).isEqualTo(8);
    assertThat(project.settings().upkeepCpuPercent()).isEqualTo(100);
    assertThat(project.settings().upkeepBytes()).isEqualTo(20L << 30);
  }

  @Test
  void readsAModelAndTheCommentAtItsTop() {
    String sql = "-- Sales of a day.\n-- grain: one row per day\n\nSELECT 1 AS a -- not this\n";
    directory.with("models/gold/daily_sales.sql", sql);
    assertThat(directory.load().models())
        .containsExactly(
            Map.entry(
                TableName.parse("gold.daily_sales"),
                Model.view(
                    TableName.parse("gold.daily_sales"),
                    Path.of("models/gold/daily_sales.sql"),
                    sql,
                    "Sales of a day.\ngrain: one row per day",
                    Set.of())));
  }

  @Test
  void throwsOneExceptionThatSaysAllMistakesOfAllFiles() {
    directory
        .with("millrace.yaml", "nam: shop\nsettings: {commit_interval: 5}\n")
        .with(
            "streams/clicks.yaml",
            ProjectDirectory.CLICKS
                .replace("user_id: string", "user_id: strng")
                .replace("lateness", "latenes"))
        .with("models/gold/empty.sql", "-- nothing yet\n");
    assertThatThrownBy(directory::load)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.code()).isEqualTo(MillraceException.Code.CALLER))
        .hasMessage(
            """
            Cannot use the project: 5 mistakes
              millrace.yaml:1: key 'nam' is not known; did you mean 'name'?
              millrace.yaml:2: '5' is not a length of time; write a whole number and a unit \
            (ms, s, m, h, d), such as 10m
              models/gold/empty.sql: the file has no SQL; write one SELECT
              streams/clicks.yaml:6: key 'latenes' is not known; did you mean 'lateness'?
              streams/clicks.yaml:13: type 'strng' is not known; did you mean 'string'?""");
  }

  @Test
  void asksForTheNearestNameWhenAStreamIsNotThere() {
    directory.with("streams/clicks.yaml", ProjectDirectory.CLICKS);
    Project project = directory.load();
    assertThatThrownBy(() -> project.contract("clikcs"))
        .hasMessage("Cannot find stream 'clikcs': did you mean 'clicks'?");
  }

  @Test
  void saysThatThereIsNoSuchDirectory() {
    assertThat(new ProjectDirectory(folder.resolve("shop")).problems())
        .containsExactly(
            folder.resolve("shop")
                + ": there is no such directory; name a directory with a millrace.yaml");
  }

  @Test
  void refusesSettingsThatTogetherLoseEvents() {
    directory.with(
        "millrace.yaml",
        """
        settings:
          commit_interval: 1h
          topic_retention: 6h
          kafka: localhost:9092
          durability: fsync
        """);

    assertThat(((Reading.Flawed) ProjectReader.read(folder)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "millrace.yaml:2: topics keep events for 6h, and the stream may take 10h to commit them"
                + " (10 times commit_interval): what is gone by then is lost; make topic_retention"
                + " longer, or commit_interval shorter",
            "millrace.yaml:2: durability is of the embedded broker, and 'kafka' names an external"
                + " one; take it out; there, replication decides what survives");
  }

  @Test
  void readsWhereTheWarehouseIs() {
    directory.with(
        "millrace.yaml",
        "settings:\n  warehouse: s3://lake/shop\n  warehouse_endpoint: http://store:9000\n");
    Settings settings = directory.load().settings();
    assertThat(settings.warehouse()).contains("s3://lake/shop");
    assertThat(settings.warehouseEndpoint()).contains("http://store:9000");

    directory.with("millrace.yaml", "settings: {warehouse_endpoint: \"http://store:9000\"}\n");
    assertThat(((Reading.Flawed) ProjectReader.read(folder)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "millrace.yaml:1: warehouse_endpoint is of a warehouse behind an S3 API, and there is"
                + " none; name its place with 'warehouse', or take it out");
  }

  @Test
  void readsWhereAClusterKeepsCheckpoints() {
    directory.with(
        "millrace.yaml",
        "settings:\n  kafka: one:9092\n  flink: cluster\n  checkpoints: s3://states/shop\n  warehouse_endpoint: http://store:9000\n");
    assertThat(directory.load().settings().checkpoints()).contains("s3://states/shop");

    directory.with("millrace.yaml", "settings:\n  checkpoints: s3://states/shop\n");
    assertThat(((Reading.Flawed) ProjectReader.read(folder)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "millrace.yaml:2: checkpoints in a bucket are those of a job on a Flink cluster, and"
                + " millrace up runs the job itself, with checkpoints in the data directory; say"
                + " 'flink: cluster', or take out 'checkpoints'");
  }

  @Test
  void refusesAClusterThatReadsTheEmbeddedBroker() {
    directory.with("millrace.yaml", "settings:\n  flink: cluster\n");

    assertThat(((Reading.Flawed) ProjectReader.read(folder)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "millrace.yaml:2: the embedded broker ends with millrace up, and a job on a Flink"
                + " cluster runs on; name the servers of a Kafka with 'kafka', or take out 'flink:"
                + " cluster'");
  }

  @Test
  void readsWhoSeesWhat() {
    directory.with(
        "millrace.yaml",
        """
        roles:
          analyst: {personal: hidden}
          support: {personal: clear}
        default_role: analyst
        """);

    Roles roles = directory.load().roles();
    assertThat(roles.byDefault()).isEqualTo("analyst");
    assertThat(roles.sights())
        .isEqualTo(
            Map.of(
                "owner", Sight.CLEAR,
                "analyst", Sight.HIDDEN,
                "support", Sight.CLEAR,
                "guest", Sight.HIDDEN));
  }

  @Test
  void refusesRolesThatThereAreNot() {
    directory.with(
        "millrace.yaml",
        """
        roles:
          owner: {personal: hidden}
          The Boss: {personal: clear}
          support: {personal: secret}
        default_role: analist
        """);

    assertThat(((Reading.Flawed) ProjectReader.read(folder)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "millrace.yaml:2: role 'owner' sees everything; take it out, or name another",
            "millrace.yaml:3: 'The Boss' is no name of a role; use lower-case letters, digits and '_'",
            "millrace.yaml:4: sight 'secret' is not known; use one of hidden, pseudonyms, clear",
            "millrace.yaml:5: role 'analist' is not known; did you mean 'analyst'?");
  }

  @Test
  void saysWhatAnAcknowledgedEventSurvives() {
    directory.with("millrace.yaml", "settings: {durability: fsync}\n");

    assertThat(Durability.promise(directory.load().settings()).words())
        .isEqualTo(
            "An acknowledged event: process death, kept; power loss, kept; disk loss, lost with the"
                + " disk (durability: fsync)");
  }
}
