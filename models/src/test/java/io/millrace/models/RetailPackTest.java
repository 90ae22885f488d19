package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.project.Balance;
import io.millrace.project.Model;
import io.millrace.project.StreamContract;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.shop.Fate;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import io.millrace.testkit.Repository;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warehouse of the pack that ships, built from some days of two months of its real data. */
class RetailPackTest {

  private static final Path PACK = Repository.here().root().resolve("packs/retail");
  private static final TableName BRONZE = TableName.bronze("invoice_lines");
  private static final TableName LATE = TableName.late("invoice_lines");
  private static final TableName LINES = TableName.parse("silver.invoice_lines");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  private static final int EVENTS_OF_A_PART = 2_000;
  private static final Set<ShopStream> LAGGING = Set.of(ShopStream.ORDERS, ShopStream.ORDER_ITEMS);

  @TempDir Path folder;
  private SmallShop shop;
  private long offset;

  @BeforeEach
  void copyPack() throws IOException {
    shop = new SmallShop(folder);
    for (String part : List.of("streams", "models", "seeds", "calendars", "tests", "balances")) {
      try (Stream<Path> files = Files.walk(PACK.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          shop.write(PACK.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    shop.open();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void everyTableIsWhatItsSqlSaysAlsoAfterALateLine() throws IOException {
    append(BRONZE, someDays());
    assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);
    assertEveryTableIsWhatItsSqlSays();
    assertBalancesHold();
    assertThat(shop.pass()).isEmpty();
    shop.said();

    append(
        LATE,
        List.of(
            List.of(
                "536365",
                "22423",
                "CAKESTAND",
                "2",
                "2010-12-01 08:26:00",
                "12.75",
                "17850.0",
                "France"),
            List.of(
                "C536379", "POST", "POSTAGE", "-1", "2010-12-02 09:00:00", "18.00", "", "France")));
    Map<TableName, Outcome> outcomes = shop.pass();

    assertThat(outcomes.values()).allMatch(Outcome.Published.class::isInstance);
    assertThat(((Outcome.Published) outcomes.get(LINES)).rows()).as("months").hasSize(1);
    assertThat(shop.said()).noneMatch(line -> line.contains("whole"));
    assertEveryTableIsWhatItsSqlSays();
    assertBalancesHold();
  }

  /** Orders and their lines lag behind what they belong to, and late events behind all others. */
  @Test
  void everyTableOfTheShopIsWhatItsSqlSaysHoweverItsEventsCome() throws IOException {
    Instant opened = Instant.parse("2026-01-10T00:00:00Z");
    ShopProfile profile =
        new ShopProfile(150, 60, 2, 0.02, 0.02, 0.05, 0.01, 0.4, ShopProfile.LIVE.flaws());
    List<ShopEvent> events =
        new Shop(7, profile, ShopTime.steady(opened, 0.008)).nextBatch(3 * EVENTS_OF_A_PART);
    Random dice = new Random(7);
    List<List<ShopEvent>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < events.size(); i++) {
      boolean mayLag = LAGGING.contains(events.get(i).stream()) && dice.nextInt(4) == 0;
      parts.get(Math.min(2, i / EVENTS_OF_A_PART + (mayLag ? 1 : 0))).add(events.get(i));
    }
    ShopRows rows = new ShopRows(shop.lake);
    Map<TableName, Outcome> outcomes = Map.of();
    for (int part = 0; part < parts.size(); part++) {
      for (ShopStream stream : ShopStream.values()) {
        StreamContract contract = shop.project.contract(stream.toString());
        rows.append(contract, Fate.FRESH, parts.get(part));
        rows.append(contract, Fate.LATE, parts.get(part));
      }
      outcomes = shop.pass();

      assertThat(outcomes.values()).allMatch(Outcome.Published.class::isInstance);
      assertEveryTableIsWhatItsSqlSays();
      assertBalancesHold();
      List<String> said = shop.said();
      assertThat(part == 0 ? List.<String>of() : said).noneMatch(line -> line.contains("whole"));
    }
    for (String byDay : List.of("silver.said_of_products", "silver.said_of_customers")) {
      Outcome.Published last = (Outcome.Published) outcomes.get(TableName.parse(byDay));
      assertThat(last.rows().firstKey().start()).as(byDay).isAfter(opened);
    }
    assertThat(shop.pass()).isEmpty();
  }

  private void assertEveryTableIsWhatItsSqlSays() {
    for (Model model : shop.project.models().values()) {
      if (model.isTable() && !model.isSeed()) {
        assertThat(shop.rows("SELECT * FROM " + model.name()))
            .as(model.name().toString())
            .isEqualTo(shop.rows(model.select()));
      }
    }
  }

  private void assertBalancesHold() {
    for (Balance balance : shop.project.balances().values()) {
      BigDecimal out =
          balance.out().stream().map(this::sum).reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(out).as(balance.name()).isEqualByComparingTo(sum(balance.in()));
    }
  }

  /** The numbers of a part are in its last column. */
  private BigDecimal sum(Balance.Part part) {
    return shop.rows(part.sql()).stream()
        .map(row -> new BigDecimal(row.replaceAll(".*[\\[ ](\\S+)]$", "$1")))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Lines that differ from every other, as the stream lets them through. */
  private static List<List<String>> someDays() throws IOException {
    Set<List<String>> lines = new LinkedHashSet<>();
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(PACK.resolve("data/online-retail.csv.gz"))),
                StandardCharsets.UTF_8))) {
      text.readLine();
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        List<String> columns = columns(line);
        if (columns.get(4).startsWith("2010-12-0") || columns.get(4).startsWith("2011-01-0")) {
          lines.add(columns);
        }
      }
    }
    return List.copyOf(lines);
  }

  private static List<String> columns(String line) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        columns.add(column.toString());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString());
    return columns;
  }

  private void append(TableName name, List<List<String>> lines) {
    Table table = shop.lake.load(name);
    AppendFiles append = table.newAppend();
    try (TableWriter writer =
        new TableWriter(table, Schemas.tables(shop.project.contract("invoice_lines")).get(name))) {
      lines.forEach(line -> writer.write(row(line, name.equals(LATE))));
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  private ValueRow row(List<String> line, boolean late) {
    long micros = LocalDateTime.parse(line.get(4), TIME).atZone(LONDON).toEpochSecond() * 1_000_000;
    UUID id = UUID.nameUUIDFromBytes(ValueRow.utf8(line.toString()));
    List<Object> values = new ArrayList<>();
    values.add(ValueRow.utf8(line.get(0)));
    values.add(ValueRow.utf8(line.get(1)));
    values.add(line.get(2).isEmpty() ? null : ValueRow.utf8(line.get(2)));
    values.add(Long.valueOf(line.get(3)));
    values.add(micros);
    values.add(new BigDecimal(line.get(5)).movePointRight(3).longValueExact());
    values.add(line.get(6).isEmpty() ? null : Long.valueOf(line.get(6).replace(".0", "")));
    values.add(ValueRow.utf8(line.get(7)));
    values.add(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array());
    values.add(micros);
    values.add(0L);
    values.add(offset++);
    if (late) {
      values.add(ValueRow.utf8("late"));
    }
    return ValueRow.of(values.toArray());
  }
}
