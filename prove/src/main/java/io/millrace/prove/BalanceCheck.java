package io.millrace.prove;

import io.millrace.core.Daemons;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.Release;
import io.millrace.project.Balance;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.SqlReader;
import io.millrace.project.SqlReader.Sql;
import io.millrace.prove.BalanceProof.Amount;
import io.millrace.prove.BalanceProof.State;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts what the balances of a project say is conserved. All parts of a balance are asked of one
 * release, with the streams as its models have read them, so that what is on its way to a model is
 * not missed. For one thread.
 */
final class BalanceCheck {

  /** A release is counted for as long as its SQL takes; what a proof waits for it is this. */
  private static final long PATIENCE_MS = 1_000;

  /** What was counted of a release, which never changes, so that it need not be each time. */
  private record Count(Optional<Release> release, List<BalanceProof> balances) {

    /** Whether another count would only say the same. */
    boolean answersFor(Optional<Release> other) {
      return release.isPresent()
          && release.map(Release::id).equals(other.map(Release::id))
          && balances.stream().noneMatch(it -> it.state() == State.FAILED);
    }
  }

  private final Project project;
  private final Engine engine;
  private final SqlReader sql;
  private CompletableFuture<Void> counting = CompletableFuture.completedFuture(null);
  private volatile Optional<Count> last = Optional.empty();

  BalanceCheck(Project project, Engine engine, SqlReader sql) {
    this.project = project;
    this.engine = engine;
    this.sql = sql;
  }

  /**
   * What every balance comes to, in this release, or in the one before while this one is being
   * counted. A full proof counts again what has been counted before, and waits for it.
   */
  List<BalanceProof> check(Optional<Release> release, Depth depth) {
    if (depth == Depth.FULL || last.isEmpty()) {
      counting.exceptionally(e -> null).join();
      count(release);
    } else if (!last.get().answersFor(release)) {
      if (counting.isDone()) {
        counting =
            CompletableFuture.runAsync(
                () -> count(release), work -> Daemons.thread("balances", work).start());
      }
      await(counting);
    }
    return last.orElseThrow().balances();
  }

  private void count(Optional<Release> release) {
    last =
        Optional.of(
            new Count(
                release,
                project.balances().values().stream().map(it -> check(it, release)).toList()));
  }

  private static void await(CompletableFuture<Void> counting) {
    try {
      counting.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // It goes on, and what was counted before is shown.
    } catch (ExecutionException e) {
      throw MillraceException.us("Cannot count the balances: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot count the balances: interrupted", e);
    }
  }

  private BalanceProof check(Balance balance, Optional<Release> release) {
    SortedSet<TableName> read = new TreeSet<>();
    parts(balance).forEach(part -> addTables(part.sql(), read));
    SortedSet<TableName> unbuilt = new TreeSet<>(read);
    unbuilt.retainAll(project.models().keySet());
    release.ifPresent(it -> unbuilt.removeAll(it.models().keySet()));
    if (release.isEmpty() || !unbuilt.isEmpty()) {
      return uncounted(balance, release, State.NOT_BUILT, notBuilt(unbuilt));
    }
    try {
      return counted(balance, release.get(), new ReadTables(project, release.get(), read).behind());
    } catch (MillraceException e) {
      return uncounted(balance, release, State.FAILED, e.getMessage());
    }
  }

  private static Stream<Balance.Part> parts(Balance balance) {
    return Stream.concat(Stream.of(balance.in()), balance.out().stream());
  }

  /** The tables that a SELECT reads, those behind views included. */
  private void addTables(String select, SortedSet<TableName> tables) {
    if (sql.read(select) instanceof Sql.Select read) {
      for (SqlReader.Reference reference : read.references()) {
        TableName table = TableName.parse(reference.table());
        Model model = project.models().get(table);
        if (model == null || model.isTable()) {
          tables.add(table);
        } else {
          addTables(model.sql(), tables);
        }
      }
    }
  }

  private static String notBuilt(SortedSet<TableName> unbuilt) {
    return switch (unbuilt.size()) {
      case 0 -> "nothing is built yet";
      case 1 -> unbuilt.first() + " is not built yet";
      default ->
          unbuilt.stream().map(TableName::toString).collect(Collectors.joining(", "))
              + " are not built yet";
    };
  }

  private static BalanceProof uncounted(
      Balance balance, Optional<Release> release, State state, String sentence) {
    return new BalanceProof(
        balance.name(),
        balance.description(),
        balance.unit(),
        release.map(Release::id),
        state,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.of(sentence));
  }

  private BalanceProof counted(Balance balance, Release release, List<String> behind) {
    Amount in = count(balance, balance.in(), release.id());
    List<Amount> out = new ArrayList<>();
    for (Balance.Part part : balance.out()) {
      out.add(count(balance, part, release.id()));
    }
    BigDecimal sum = out.stream().map(Amount::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal difference = in.amount().subtract(sum);
    State state = difference.signum() == 0 ? State.HOLDS : State.BREACHED;
    Optional<String> sentence =
        state == State.HOLDS
            ? Optional.empty()
            : Optional.of(breach(balance.unit(), in.amount(), sum));
    return new BalanceProof(
        balance.name(),
        balance.description(),
        balance.unit(),
        Optional.of(release.id()),
        behind.isEmpty() ? state : State.BEHIND,
        Optional.of(in),
        out,
        Optional.of(difference),
        behind.isEmpty() ? sentence : Optional.of(String.join("; ", behind)));
  }

  private static String breach(String unit, BigDecimal in, BigDecimal out) {
    BigDecimal difference = in.subtract(out);
    return "%s %s went in and %s came out, %s %s"
        .formatted(
            text(in),
            unit,
            text(out),
            text(difference.abs()),
            difference.signum() > 0 ? "less" : "more");
  }

  private static String text(BigDecimal amount) {
    return ("%,." + Math.max(0, amount.stripTrailingZeros().scale()) + "f").formatted(amount);
  }

  private Amount count(Balance balance, Balance.Part part, long release) {
    try (Rows rows = engine.query(Query.of(part.sql()).asOf(new AsOf.Release(release)))) {
      return AmountReader.read(part.name(), rows);
    } catch (MillraceException e) {
      throw MillraceException.caller(
          "Cannot count '%s' of %s, line %d: %s"
              .formatted(
                  part.name(),
                  balance.file(),
                  part.line(),
                  e.getMessage().replaceFirst("^Cannot run the query: ", "")),
          e);
    }
  }
}
