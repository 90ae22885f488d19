package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
import static io.millrace.schedule.Shop.ON_CHANGE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.SALES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TriggersTest {

  private static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");

  @Test
  void aModelThatChangesIsUpOnceItsTimeSinceTheLastLookHasPassed() {
    Triggers triggers = of(new Shop().daily(ORDERS, BRONZE, ON_CHANGE));
    assertThat(up(triggers, Map.of(), Map.of())).isEqualTo("{silver.orders=its inputs moved}");
    assertThat(up(triggers, Map.of(), Map.of(ORDERS, NOW.minusSeconds(29)))).isEqualTo("{}");
    assertThat(up(triggers, Map.of(), Map.of(ORDERS, NOW.minusSeconds(30))))
        .isEqualTo("{silver.orders=its inputs moved}");
  }

  @Test
  void aCronModelIsUpWhenATimeHasPassedSinceItWasBuiltLast() {
    Triggers triggers = of(new Shop().daily(ORDERS, BRONZE, Shop.cron("0 3 * * *", false)));
    assertThat(up(triggers, Map.of(), Map.of())).isEqualTo("{silver.orders=schedule 0 3 * * *}");
    assertThat(up(triggers, fired("2026-02-01T03:00:01Z"), Map.of())).isEqualTo("{}");
    assertThat(up(triggers, fired("2026-02-01T02:59:59Z"), Map.of()))
        .isEqualTo("{silver.orders=schedule 0 3 * * *}");
    assertThat(up(triggers, fired("2026-01-29T03:00:00Z"), Map.of()))
        .as("times were missed, and it does not catch up")
        .isEqualTo("{silver.orders=schedule 0 3 * * *, newest only}");
    assertThat(triggers.next(NOW)).containsEntry(ORDERS, Instant.parse("2026-02-02T03:00:00Z"));
  }

  @Test
  void aHeldModelIsNeverUpAndAManualOneOnlyToBeTriedAgain() {
    Triggers triggers =
        of(new Shop().daily(ORDERS, BRONZE, ON_CHANGE).daily(SALES, BRONZE, Shop.manual()));
    Map<TableName, TableState> held =
        Map.of(ORDERS, TableState.NEW.held(Optional.of("rolled back")));
    assertThat(up(triggers, held, Map.of())).isEqualTo("{}");
    assertThat(triggers.up(held, Map.of(), Set.of(SALES, ORDERS), Set.of(SALES), NOW))
        .containsOnlyKeys(SALES);
  }

  @Test
  void whatReadsATableThatIsToBeTriedAgainWaitsForIt() {
    Triggers triggers =
        of(new Shop().daily(ORDERS, BRONZE, ON_CHANGE).daily(SALES, ORDERS, ON_CHANGE));
    Map<TableName, Instant> looked = Map.of(ORDERS, NOW);
    assertThat(triggers.up(Map.of(), looked, Set.of(), Set.of(ORDERS), NOW)).isEmpty();
    assertThat(triggers.up(Map.of(), looked, Set.of(ORDERS), Set.of(ORDERS), NOW))
        .containsOnlyKeys(ORDERS, SALES);
  }

  @Test
  void aScheduleThatCannotBeReadIsRefusedAtOnce() {
    assertThatThrownBy(() -> of(new Shop().daily(ORDERS, BRONZE, Shop.cron("daily", true))))
        .hasMessageStartingWith("Cannot read schedule 'daily': ");
  }

  private static String up(
      Triggers triggers, Map<TableName, TableState> state, Map<TableName, Instant> looked) {
    StringBuilder up = new StringBuilder();
    triggers
        .up(state, looked, Set.of(), Set.of(), NOW)
        .forEach(
            (table, it) ->
                up.append(table + "=" + it.why() + (it.newestOnly() ? ", newest only" : "")));
    return "{" + up + "}";
  }

  private static Map<TableName, TableState> fired(String at) {
    return Map.of(ORDERS, TableState.NEW.fired(Instant.parse(at)));
  }

  private static Triggers of(Shop shop) {
    return new Triggers(shop.project());
  }
}
