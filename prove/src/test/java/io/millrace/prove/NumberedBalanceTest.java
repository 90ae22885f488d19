package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.prove.IdReader.Found;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NumberedBalanceTest {

  private static final TableName BRONZE = TableName.bronze("sales");
  private static final TableName LATE = TableName.late("sales");
  private static final TableName REJECTED = TableName.rejected("sales");
  private static final TableName REPEATED = TableName.repeated("sales");
  private static final int LATE_EVENT = 3;

  private final NumberedIds ids = new NumberedIds(869);
  private final NumberedBalance balance =
      new NumberedBalance("sales", ids, event -> event == LATE_EVENT);
  private long offset;

  private void acknowledge(int count) {
    balance.acknowledged(balance.send(count), count);
  }

  private void find(int event, TableName table) {
    find(ids.of(event).toString(), table);
  }

  private void find(String id, TableName table) {
    balance.found(id, new Found(table, "sales", 0, offset++));
  }

  @Test
  void idsSayWhichEventTheyAreOfAndAreNotMadeUp() {
    for (long number : List.of(0L, 1L, 77L, (long) Integer.MAX_VALUE)) {
      assertThat(ids.numberOf(ids.of(number).toString())).hasValue(number);
    }
    UUID real = ids.of(5);
    UUID forged = new UUID(real.getMostSignificantBits() + 1, real.getLeastSignificantBits());
    assertThat(ids.numberOf(forged.toString())).isEmpty();
    assertThat(ids.numberOf("bytes:00")).isEmpty();
    assertThat(new NumberedIds(870).numberOf(real.toString())).isEmpty();
  }

  @Test
  void holdsWhenEachEventIsWhereItsContractSays() {
    acknowledge(4);
    balance.sent("bytes:1", Promise.REJECTED);
    balance.acknowledged("bytes:1");
    balance.sendAgain(0, 2);
    find(0, BRONZE);
    find(1, BRONZE);
    find(2, LATE);
    find(LATE_EVENT, LATE);
    find(1, REPEATED);
    find("bytes:1", REJECTED);

    StreamCertificate result = balance.result();

    assertThat(result.breaches()).isEmpty();
    assertThat(result.holds()).isTrue();
    assertThat(result.acknowledged()).isEqualTo(5);
    assertThat(result.bronze()).isEqualTo(2);
    assertThat(result.late()).isEqualTo(2);
    assertThat(result.rejected()).isEqualTo(1);
    assertThat(result.repeated()).isEqualTo(1);
  }

  @Test
  void givesTheSameFingerprintAsTheBalanceOfIds() {
    IdBalance plain = new IdBalance("sales");
    for (int event = 0; event < 3; event++) {
      String id = ids.of(event).toString();
      plain.sent(id, Promise.KEPT);
      plain.acknowledged(id);
      plain.found(id, new Found(BRONZE, "sales", 0, event));
    }
    acknowledge(3);
    find(0, BRONZE);
    find(1, BRONZE);
    find(2, BRONZE);

    assertThat(balance.result()).isEqualTo(plain.result());
  }

  @Test
  void namesAnEventThatIsLost() {
    acknowledge(2);
    balance.send(1);
    find(1, BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.holds()).isFalse();
    assertThat(result.lost()).isEqualTo(1);
    assertThat(result.unconfirmed()).isEqualTo(1);
    assertThat(result.breaches())
        .containsExactly(ids.of(0) + " was acknowledged and is in no table");
  }

  @Test
  void namesAnEventThatIsTwice() {
    acknowledge(2);
    find(0, BRONZE);
    find(1, BRONZE);
    find(0, LATE);

    assertThat(balance.result().breaches())
        .containsExactly(
            ids.of(0) + " is there twice: again in quarantine.sales_late (sales/0: 2)");
  }

  @Test
  void namesARepeatThatNobodySent() {
    acknowledge(1);
    balance.sendAgain(0, 1);
    find(0, BRONZE);
    find(0, REPEATED);
    find(0, REPEATED);

    StreamCertificate result = balance.result();

    assertThat(result.twice()).isEqualTo(1);
    assertThat(result.breaches())
        .containsExactly(ids.of(0) + " was sent again 1 times and is in repeated 2 times");
  }

  @Test
  void namesAnEventThatNobodySentAndOneInTheWrongTable() {
    acknowledge(4);
    for (int event = 0; event < 4; event++) {
      find(event, BRONZE);
    }
    find(4, BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.wrong()).isEqualTo(2);
    assertThat(result.breaches())
        .containsExactly(
            ids.of(LATE_EVENT) + " is in bronze, and was sent too late",
            ids.of(4) + " is in bronze.sales (sales/0: 4), and nobody sent it");
  }
}
