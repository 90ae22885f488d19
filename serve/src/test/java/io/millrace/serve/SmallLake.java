package io.millrace.serve;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.lake.TableWriter;
import io.millrace.project.Batches;
import io.millrace.project.Field;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Personal;
import io.millrace.project.Project;
import io.millrace.project.Question;
import io.millrace.project.Report;
import io.millrace.project.Roles;
import io.millrace.project.Schedule;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Evolution;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;

/** A project with streams {@code clicks} and {@code orders}, and a real lake with a few rows. */
final class SmallLake {

  /** What a hostile visitor calls a page. */
  static final String HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>1</script>";

  static final TableName DAILY = TableName.parse("silver.daily_clicks");

  private SmallLake() {}

  /** A row of longs and strings. */
  static Row row(Object... values) {
    return new Values(List.of(values));
  }

  /** The lineage names lines of contracts, so they are written too. */
  static Project project(Path directory) {
    write(directory.resolve("streams/clicks.yaml"));
    write(directory.resolve("streams/orders.yaml"));
    TableName pages = TableName.parse("gold.popular_pages");
    Model model =
        Model.view(
            pages,
            Path.of("models/gold/popular_pages.sql"),
            "SELECT page, count(*) AS clicks FROM bronze.clicks GROUP BY page",
            "How often each page was clicked.\nGrain: one row for each page.",
            Set.of(TableName.bronze("clicks")));
    return new Project(
        "corner shop",
        directory,
        Settings.DEFAULTS,
        new TreeMap<>(Map.of("clicks", contract("clicks"), "orders", contract("orders"))),
        new TreeMap<>(Map.of(pages, model, DAILY, daily())));
  }

  /** The same project, in which pages and days tell who somebody is, and with these roles. */
  static Project personal(Project project, Roles roles) {
    StreamContract clicks = project.contract("clicks");
    Personal clear = new Personal(Personal.Treatment.CLEAR, Personal.Kept.NOTHING);
    TreeMap<String, StreamContract> streams = new TreeMap<>(project.streams());
    streams.put(
        "clicks",
        clicks.withFields(
            clicks.fields().stream()
                .map(field -> field.name().equals("page") ? field.withPersonal(clear) : field)
                .toList()));
    TreeMap<TableName, Model> models = new TreeMap<>(project.models());
    models.put(DAILY, daily(Optional.of(Model.Pii.CLEAR)));
    return project.withStreams(streams).withModels(models).withRoles(roles);
  }

  /** The same project, with a task that has a solution nobody may see. */
  static Project practising(Project project) {
    Question.Task task =
        new Question.Task(
            "Select each page and how often it was clicked, most often first.",
            Set.of(TableName.bronze("clicks")),
            List.of("clicks"),
            List.of("Count them."),
            new Question.Sql(
                "SELECT page AS secret, count(*) AS clicks FROM bronze.clicks GROUP BY page ORDER BY clicks DESC",
                1),
            List.of());
    Question pages =
        new Question(
            "pages",
            Path.of("practice/clicks.yaml"),
            1,
            "Clicks",
            "Clicks of each page",
            1,
            List.of("group by"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(task));
    Question empty =
        new Question(
            "no_orders",
            Path.of("practice/clicks.yaml"),
            9,
            "Clicks",
            "Orders that there are none of",
            2,
            List.of("order by"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                new Question.Task(
                    "Select them.",
                    Set.of(TableName.bronze("orders")),
                    List.of(),
                    List.of(),
                    new Question.Sql("SELECT id FROM bronze.orders", 9),
                    List.of())));
    return project.withQuestions(List.of(pages, empty));
  }

  /** The same project, with a report that shows what a hostile visitor calls a page. */
  static Project reporting(Project project) {
    TableName clicks = TableName.bronze("clicks");
    Report.Tile days =
        new Report.Tile(
            "Days",
            "Of clicks & pages.",
            Report.Chart.NUMBER,
            "SELECT count(*) AS all_days FROM silver.daily_clicks",
            Set.of(DAILY));
    Report.Tile line =
        new Report.Tile(
            "Day by day",
            "",
            Report.Chart.LINE,
            "SELECT day, count(*) AS clicks, 2 * count(*) AS twice FROM silver.daily_clicks GROUP BY day ORDER BY day",
            Set.of(DAILY));
    Report.Tile pages =
        new Report.Tile(
            "Pages <b>",
            "",
            Report.Chart.BAR,
            "SELECT page, count(*) AS clicks FROM bronze.clicks GROUP BY page ORDER BY page",
            Set.of(clicks));
    Report.Tile broken =
        new Report.Tile(
            "Broken",
            "",
            Report.Chart.TABLE,
            "SELECT CAST(page AS INTEGER) FROM bronze.clicks",
            Set.of(clicks));
    Report report =
        new Report(
            "daily",
            Path.of("reports/daily.yaml"),
            "The day",
            "For whoever keeps the shop.",
            List.of(days, line, pages, broken));
    return project.withReports(new TreeMap<>(Map.of(report.name(), report)));
  }

  private static void write(Path contract) {
    try {
      Files.createDirectories(contract.getParent());
      Files.writeString(contract, "fields:\n  id: string\n  at: timestamp\n  page: string\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A model that is built by days. */
  private static Model daily() {
    return daily(Optional.empty());
  }

  private static Model daily(Optional<Model.Pii> day) {
    return new Model(
        DAILY,
        Path.of("models/silver/daily_clicks.sql"),
        "SELECT CAST(\"at\" AS DATE) AS day FROM bronze.clicks",
        "Each click with its day.",
        "web-team",
        Set.of(TableName.bronze("clicks")),
        new Materialization.ByInterval(
            new Batches(Batches.Size.DAY, Optional.empty(), ZoneOffset.UTC)),
        Optional.of("day"),
        Map.of(),
        Schedule.DEFAULT,
        Set.of("nightly"),
        List.of(new Model.Column("day", "The day in UTC", day)));
  }

  private static StreamContract contract(String name) {
    return new StreamContract(
        name,
        "",
        "web-team",
        1,
        "page",
        new EventId.Declared("id"),
        "at",
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        1,
        new Layout.Day("at"),
        Evolution.BACKWARD,
        20,
        List.of(
            Field.required("id", Scalar.STRING),
            Field.required("at", Scalar.TIMESTAMP),
            Field.required("page", Scalar.STRING)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Makes the tables and puts one click on each of these pages into {@code bronze.clicks}. */
  static Lake fill(Project project, DataDirectory data, String... pages) {
    Lake lake = Lake.open(data);
    project.streams().values().forEach(lake::prepare);
    StreamContract clicks = project.streams().get("clicks");
    Table table = lake.load(clicks.bronze());
    List<Field> columns =
        List.of(
            clicks.field("id"),
            clicks.field("at"),
            clicks.field("page"),
            Field.required(StreamContract.RECEIVED, Scalar.TIMESTAMP),
            Field.required(StreamContract.TOPIC_PARTITION, Scalar.INT),
            Field.required(StreamContract.TOPIC_OFFSET, Scalar.LONG));
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, columns)) {
      for (int i = 0; i < pages.length; i++) {
        writer.write(
            new Values(List.of("id-" + i, 1_000_000L * i, pages[i], 1_000_000L * i, 0L, (long) i)));
      }
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
    return lake;
  }

  /** A row of longs and strings. */
  private record Values(List<Object> values) implements Row {

    @Override
    public int size() {
      return values.size();
    }

    @Override
    public boolean isNull(int position) {
      return false;
    }

    @Override
    public long longAt(int position) {
      return (long) values.get(position);
    }

    @Override
    public byte[] bytesAt(int position) {
      return values.get(position).toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int offsetAt(int position) {
      return 0;
    }

    @Override
    public int lengthAt(int position) {
      return bytesAt(position).length;
    }

    @Override
    public double doubleAt(int position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BigDecimal decimalAt(int position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Row rowAt(int position) {
      throw new UnsupportedOperationException();
    }
  }
}
