package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Engine;
import io.millrace.engine.Limits;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Release;
import io.millrace.lake.Releases;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableWriter;
import io.millrace.project.Balance;
import io.millrace.project.Field;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Type;
import io.millrace.prove.BalanceProof.Reason;
import io.millrace.prove.BalanceProof.State;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was sold, against what was booked, in releases of a real lake. */
class BalanceCheckTest {

  private static final TableName SALES = TableName.bronze("sales");
  private static final TableName BOOKED = TableName.bronze("booked");
  private static final TableName LEDGER = TableName.parse("gold.ledger");

  private static final Materialization TABLE = new Materialization.Table();

  private static final String CONTRACT =
      """
      key: id
      event_id: id
      event_time: at
      lateness: 10m
      fields:
        id: {type: string, required: true}
        at: {type: timestamp, required: true}
        account: string
        amount: decimal(12,3)
      """;

  private static final String SOLD = "SELECT coalesce(sum(amount), 0) FROM bronze.sales";
  private static final String BY_ACCOUNT =
      "SELECT account, sum(amount) FROM bronze.booked GROUP BY account ORDER BY account";

  @TempDir Path folder;
  private Lake lake;
  private Releases releases;
  private Project project;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "name: shop\n");
    Files.writeString(folder.resolve("streams/sales.yaml"), CONTRACT);
    Files.writeString(folder.resolve("streams/booked.yaml"), CONTRACT);
    project = ProjectReader.load(folder);
    DataDirectory data = DataDirectory.of(folder);
    lake = Lake.open(data);
    releases = Releases.open(data.metadata(), Clock.systemUTC());
    project.streams().values().forEach(lake::prepare);
    append(SALES, "1", "till", "10.001");
    append(SALES, "2", "web", "20");
    append(BOOKED, "1", "till", "10.001");
    append(BOOKED, "2", "web", "20");
  }

  @AfterEach
  void close() {
    releases.close();
    lake.close();
  }

  @Test
  void whatGoesInAndComesOutToTheLastUnitHolds() {
    BalanceProof proof = prove(balance(SOLD, BY_ACCOUNT));

    assertThat(proof.state()).isEqualTo(State.HOLDS);
    assertThat(proof.holds()).isTrue();
    assertThat(proof.isBroken()).isFalse();
    assertThat(proof.release()).contains(1L);
    assertThat(proof.in().orElseThrow().amount()).isEqualByComparingTo("30.001");
    assertThat(proof.out().get(0).reasons())
        .containsExactly(
            new Reason("web", new BigDecimal("20.000")),
            new Reason("till", new BigDecimal("10.001")));
    assertThat(proof.difference().orElseThrow()).isEqualByComparingTo("0");
    assertThat(proof.sentence()).isEmpty();
  }

  @Test
  void aRowThatIsMissingIsABreach() {
    lake.load(BOOKED)
        .newDelete()
        .deleteFromRowFilter(Expressions.equal("account", "till"))
        .commit();

    BalanceProof proof = prove(balance(SOLD, BY_ACCOUNT));

    assertThat(proof.state()).isEqualTo(State.BREACHED);
    assertThat(proof.holds()).isFalse();
    assertThat(proof.isBroken()).isTrue();
    assertThat(proof.difference().orElseThrow()).isEqualByComparingTo("10.001");
    assertThat(proof.sentence()).contains("30.001 GBP went in and 20 came out, 10.001 less");
  }

  @Test
  void aRowThatIsDroppedFromAGoldTableIsABreach() {
    project = with(model(LEDGER, "SELECT account, amount FROM bronze.booked", TABLE));
    Balance balance = balance(SOLD, "SELECT coalesce(sum(amount), 0) FROM gold.ledger");
    buildLedger();
    Release built = publish(Map.of(LEDGER, snapshot(LEDGER)));
    assertThat(prove(balance, Optional.of(built)).state()).isEqualTo(State.HOLDS);

    lake.load(LEDGER).newDelete().deleteFromRowFilter(Expressions.equal("account", "web")).commit();

    Release damaged = publish(Map.of(LEDGER, snapshot(LEDGER)));
    assertThat(prove(balance, Optional.of(damaged)).sentence())
        .contains("30.001 GBP went in and 10.001 came out, 20 less");
    assertThat(prove(balance, Optional.of(built)).state()).isEqualTo(State.HOLDS);
  }

  @Test
  void aFileThatIsGoneShowsInAFullProofAndIsNoReasonToGiveNone() throws IOException {
    Release release = publish(Map.of());
    try (DuckDbSqlReader reader = new DuckDbSqlReader();
        DuckDbEngine engine = engine()) {
      BalanceCheck check = new BalanceCheck(holding(balance(SOLD, BY_ACCOUNT)), engine, reader);
      assertThat(check.check(Optional.of(release), Depth.SEALED).get(0).holds()).isTrue();

      for (PinnedTable table : lake.pin(AsOf.now()).values()) {
        for (String file : table.files()) {
          Files.delete(Path.of(file));
        }
      }

      assertThat(check.check(Optional.of(release), Depth.SEALED).get(0).holds()).isTrue();
      BalanceProof full = check.check(Optional.of(release), Depth.FULL).get(0);
      assertThat(full.state()).isEqualTo(State.FAILED);
      assertThat(full.sentence().orElseThrow())
          .startsWith("Cannot count 'what came in' of balances/sold.yaml, line 4: ");
      assertThat(check.check(Optional.of(release), Depth.SEALED).get(0).isBroken()).isTrue();
    }
  }

  @Test
  void aReleaseThatTakesLongToCountKeepsNoProofWaiting() {
    CompletableFuture<Void> counted = new CompletableFuture<>();
    Release first = publish(Map.of());
    append(SALES, "3", "web", "5");
    append(BOOKED, "3", "web", "5");
    Release second = publish(Map.of());
    try (DuckDbSqlReader reader = new DuckDbSqlReader();
        DuckDbEngine engine = engine()) {
      Engine slow = new HeldEngine(engine, new AsOf.Release(second.id()), counted);
      BalanceCheck check = new BalanceCheck(holding(balance(SOLD, BY_ACCOUNT)), slow, reader);
      assertThat(check.check(Optional.of(first), Depth.SEALED).get(0).release()).contains(1L);

      assertThat(check.check(Optional.of(second), Depth.SEALED).get(0).release()).contains(1L);

      counted.complete(null);
      await()
          .until(
              () -> check.check(Optional.of(second), Depth.SEALED).get(0).release(),
              it -> it.equals(Optional.of(2L)));
    }
  }

  /** Answers questions about one state only once it may. */
  private record HeldEngine(Engine engine, AsOf held, CompletableFuture<Void> may)
      implements Engine {

    @Override
    public Rows query(Query query) {
      if (query.asOf().equals(held)) {
        may.join();
      }
      return engine.query(query);
    }

    @Override
    public void close() {}
  }

  @Test
  void aRowThatIsThereTwiceIsABreach() {
    append(BOOKED, "2", "web", "1020");

    assertThat(prove(balance(SOLD, BY_ACCOUNT)).sentence())
        .contains("30.001 GBP went in and 1,050.001 came out, 1,020 more");
  }

  @Test
  void whatCameInAfterTheReleaseIsNotMissed() {
    Release release = publish(Map.of());
    append(SALES, "3", "till", "7");

    assertThat(prove(balance(SOLD, BY_ACCOUNT), Optional.of(release)).state())
        .isEqualTo(State.HOLDS);
  }

  @Test
  void aTableThatIsNotBuiltIsNeitherRightNorWrong() {
    Model ledger = model(LEDGER, "SELECT * FROM bronze.booked", TABLE);
    Model view =
        model(
            TableName.parse("gold.seen"), "SELECT * FROM gold.ledger", new Materialization.View());
    project = with(ledger, view);
    Balance balance = balance(SOLD, "SELECT coalesce(sum(amount), 0) FROM gold.seen");

    BalanceProof proof = prove(balance);

    assertThat(proof.state()).isEqualTo(State.NOT_BUILT);
    assertThat(proof.holds()).isFalse();
    assertThat(proof.isBroken()).isFalse();
    assertThat(proof.sentence()).contains("gold.ledger is not built yet");
    assertThat(proof.in()).isEmpty();
    assertThat(prove(balance, Optional.empty()).sentence())
        .contains("gold.ledger is not built yet");
    assertThat(prove(balance(SOLD, SOLD), Optional.empty()).sentence())
        .contains("nothing is built yet");
  }

  @Test
  void aModelThatHasNotTakenInWhatAnotherPartReadsIsBehindAndNoBreach() {
    project = with(model(LEDGER, "SELECT account, amount FROM bronze.booked", TABLE, BOOKED));
    buildLedger();
    append(BOOKED, "3", "web", "5");

    BalanceProof proof =
        prove(
            balance("SELECT sum(amount) FROM bronze.booked", "SELECT sum(amount) FROM gold.ledger"),
            Optional.of(publishBehind(LEDGER, BOOKED)));

    assertThat(proof.state()).isEqualTo(State.BEHIND);
    assertThat(proof.holds()).isFalse();
    assertThat(proof.isBroken()).isFalse();
    assertThat(proof.difference().orElseThrow()).isEqualByComparingTo("5");
    assertThat(proof.sentence())
        .contains(
            "gold.ledger has not taken in all of bronze.booked that release 1 has: it is held: broken");
  }

  @Test
  void aModelThatIsBehindFurtherUpIsBehindAsWell() {
    TableName top = TableName.parse("gold.top");
    project =
        with(
            model(LEDGER, "SELECT account, amount FROM bronze.booked", TABLE, BOOKED),
            model(top, "SELECT * FROM gold.ledger", new Materialization.View(), LEDGER));
    buildLedger();

    BalanceProof proof =
        prove(
            balance("SELECT sum(amount) FROM bronze.booked", "SELECT sum(amount) FROM gold.top"),
            Optional.of(publishBehind(LEDGER, BOOKED)));

    assertThat(proof.state()).isEqualTo(State.BEHIND);
  }

  @Test
  void aLagThatAllPartsShareHidesNoLoss() {
    project = with(model(LEDGER, "SELECT account, amount FROM bronze.booked", TABLE, BOOKED));
    buildLedger();
    Release release = publishBehind(LEDGER, BOOKED);

    BalanceProof proof =
        prove(
            balance(
                "SELECT sum(amount) FROM gold.ledger",
                "SELECT sum(amount) FROM gold.ledger WHERE account = 'web'"),
            Optional.of(release));

    assertThat(proof.state()).isEqualTo(State.BREACHED);
    assertThat(prove(balance(SOLD, "SELECT 20"), Optional.of(release)).state())
        .isEqualTo(State.BREACHED);
  }

  private Release publishBehind(TableName model, TableName input) {
    return releases.publish(
        Release.BY_HAND,
        "test",
        Map.of(model, snapshot(model)),
        Map.of(SALES, snapshot(SALES), BOOKED, snapshot(BOOKED)),
        Map.of(model, new TreeMap<>(Map.of(input, "it is held: broken"))));
  }

  @Test
  void sqlThatGivesNoAmountIsNamedWithItsFileAndLine() {
    assertThat(failure("SELECT nothing FROM bronze.booked"))
        .startsWith("Cannot count 'what came out' of balances/sold.yaml, line 9: ")
        .contains("nothing");
    assertThat(failure("SELECT sum(amount) FROM bronze.booked WHERE false"))
        .endsWith("the number is NULL; of no rows it should be 0: write coalesce(sum(...), 0)");
    assertThat(failure("SELECT account FROM bronze.booked"))
        .endsWith(
            "column 'account' is of type VARCHAR, which is not exact; make it a DECIMAL or an integer");
    assertThat(failure("SELECT CAST(sum(amount) AS DOUBLE) AS money FROM bronze.booked"))
        .endsWith(
            "column 'money' is of type DOUBLE, which is not exact; make it a DECIMAL or an integer");
    assertThat(failure("SELECT account, amount, amount FROM bronze.booked"))
        .endsWith("it gives 3 columns; write a SELECT of one number, or of reasons and numbers");
    assertThat(failure("SELECT amount FROM bronze.booked"))
        .endsWith(
            "it gives more than one row of one number; write a SELECT of one number, or of reasons and numbers");
    assertThat(failure("SELECT amount FROM bronze.booked WHERE false"))
        .endsWith("it gives no row; write a SELECT of one number, or of reasons and numbers");
    assertThat(failure("SELECT nullif(account, 'web'), amount FROM bronze.booked"))
        .endsWith("a reason is NULL; say what it is, as with coalesce(reason, 'unknown')");
    assertThat(failure("SELECT CAST(i AS VARCHAR), i FROM range(1001) AS r(i)"))
        .endsWith("it gives more than 1,000 reasons; group them");
  }

  private String failure(String sql) {
    BalanceProof proof = prove(balance(SOLD, sql));
    assertThat(proof.state()).isEqualTo(State.FAILED);
    assertThat(proof.isBroken()).isTrue();
    return proof.sentence().orElseThrow();
  }

  private static Balance balance(String in, String out) {
    return new Balance(
        "sold",
        Path.of("balances/sold.yaml"),
        "Every penny sold is booked",
        "GBP",
        new Balance.Part("what came in", in, 4),
        List.of(new Balance.Part("what came out", out, 9)));
  }

  private BalanceProof prove(Balance balance) {
    return prove(balance, Optional.of(publish(Map.of())));
  }

  private BalanceProof prove(Balance balance, Optional<Release> release) {
    try (DuckDbSqlReader reader = new DuckDbSqlReader();
        DuckDbEngine engine = engine()) {
      return new BalanceCheck(holding(balance), engine, reader).check(release, Depth.SEALED).get(0);
    }
  }

  private DuckDbEngine engine() {
    return new DuckDbEngine(
        lake,
        DataDirectory.of(folder),
        project.models(),
        Limits.of(project.settings()),
        folder.resolve("tmp"));
  }

  private Project holding(Balance balance) {
    return project.withBalances(new TreeMap<>(Map.of(balance.name(), balance)));
  }

  private Project with(Model... models) {
    TreeMap<TableName, Model> all = new TreeMap<>();
    for (Model model : models) {
      all.put(model.name(), model);
    }
    return project.withModels(all);
  }

  private static Model model(TableName name, String sql, Materialization how, TableName... reads) {
    Model view = Model.view(name, Path.of("models/x.sql"), sql, "", Set.of(reads));
    return new Model(
        name,
        view.file(),
        sql,
        "",
        "",
        view.reads(),
        how,
        view.eventTime(),
        view.inputs(),
        view.schedule(),
        view.tags(),
        view.columns());
  }

  private Release publish(Map<TableName, Long> models) {
    return releases.publish(
        Release.BY_HAND, "test", models, Map.of(SALES, snapshot(SALES), BOOKED, snapshot(BOOKED)));
  }

  /** As a build does: what was booked, by account. */
  private void buildLedger() {
    List<Field> columns =
        List.of(
            Field.optional("account", Type.Scalar.STRING),
            Field.optional("amount", new Type.Decimal(12, 3)));
    TableBuild build = lake.build(LEDGER, Schemas.schema(columns), Optional.empty(), "build_1");
    // A file for each, so that one can be dropped.
    List<DataFile> files = new ArrayList<>();
    for (ValueRow row :
        List.of(
            ValueRow.of(ValueRow.utf8("till"), 10_001L),
            ValueRow.of(ValueRow.utf8("web"), 20_000L))) {
      try (TableWriter writer = new TableWriter(build.table(), columns)) {
        writer.write(row);
        files.addAll(writer.complete());
      }
    }
    build.stage(new TableBuild.Change.All(), files, Map.of());
    assertThat(build.publish()).isPresent();
  }

  private long snapshot(TableName table) {
    return lake.load(table).currentSnapshot().snapshotId();
  }

  private void append(TableName name, String id, String account, String amount) {
    Table table = lake.load(name);
    AppendFiles append = table.newAppend();
    try (TableWriter writer =
        new TableWriter(table, Schemas.bronze(project.contract(name.name())))) {
      long thousandths = new BigDecimal(amount).setScale(3).unscaledValue().longValueExact();
      writer.write(
          ValueRow.of(
              ValueRow.utf8(id),
              0L,
              ValueRow.utf8(account),
              thousandths,
              0L,
              0L,
              Long.parseLong(id)));
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }
}
