package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.prove.IdReader.Found;
import org.junit.jupiter.api.Test;

class IdBalanceTest {

  private static final TableName BRONZE = TableName.bronze("sales");
  private static final TableName LATE = TableName.late("sales");
  private static final TableName REJECTED = TableName.rejected("sales");
  private static final TableName REPEATED = TableName.repeated("sales");

  private final IdBalance balance = new IdBalance("sales");
  private long offset;

  private void acknowledge(String id, Promise promise) {
    balance.sent(id, promise);
    balance.acknowledged(id);
  }

  private void find(String id, TableName table) {
    balance.found(id, new Found(table, "sales", 0, offset++));
  }

  @Test
  void holdsWhenEachEventIsWhereItsContractSays() {
    acknowledge("now", Promise.KEPT);
    acknowledge("delayed", Promise.KEPT);
    acknowledge("old", Promise.LATE);
    acknowledge("broken", Promise.REJECTED);
    balance.sent("refused", Promise.REFUSED);
    find("now", BRONZE);
    find("delayed", LATE);
    find("old", LATE);
    find("broken", REJECTED);

    StreamCertificate result = balance.result();

    assertThat(result.holds()).isTrue();
    assertThat(result.acknowledged()).isEqualTo(4);
    assertThat(result.refused()).isEqualTo(1);
    assertThat(result.unconfirmed()).isZero();
    assertThat(result.sentFingerprint()).isEqualTo(result.foundFingerprint()).hasSize(16);
  }

  @Test
  void namesAnEventThatIsLost() {
    acknowledge("a", Promise.KEPT);
    acknowledge("b", Promise.KEPT);
    find("a", BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.holds()).isFalse();
    assertThat(result.lost()).isEqualTo(1);
    assertThat(result.breaches()).containsExactly("b was acknowledged and is in no table");
    assertThat(result.sentFingerprint()).isNotEqualTo(result.foundFingerprint());
  }

  @Test
  void namesAnEventThatOnlyItsRepeatIsLeftOf() {
    balance.sent("a", Promise.KEPT);
    balance.sent("a", Promise.KEPT);
    find("a", REPEATED);

    StreamCertificate result = balance.result();

    assertThat(result.lost()).isEqualTo(1);
    assertThat(result.breaches()).containsExactly("a is in repeated, and nowhere else");
  }

  @Test
  void namesBothPlacesOfAnEventThatIsTwice() {
    balance.sent("a", Promise.KEPT);
    acknowledge("a", Promise.KEPT);
    find("a", BRONZE);
    find("a", BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.twice()).isEqualTo(1);
    assertThat(result.breaches())
        .containsExactly(
            "a is there twice: bronze.sales (sales/0: 0) and bronze.sales (sales/0: 1)");
  }

  @Test
  void anEventInBronzeAndInLateIsTwice() {
    balance.sent("a", Promise.KEPT);
    acknowledge("a", Promise.KEPT);
    find("a", BRONZE);
    find("a", LATE);

    assertThat(balance.result().twice()).isEqualTo(1);
  }

  @Test
  void whatWasSentAgainMayBeRepeatedAsOften() {
    balance.sent("a", Promise.KEPT);
    balance.sent("a", Promise.KEPT);
    acknowledge("a", Promise.KEPT);
    find("a", REPEATED);
    find("a", BRONZE);
    find("a", REPEATED);
    assertThat(balance.result().holds()).isTrue();

    find("a", REPEATED);

    assertThat(balance.result().breaches())
        .containsExactly(
            "a was sent 3 times and has 4 rows, the last in quarantine.sales_repeated (sales/0: 3)");
  }

  @Test
  void whatNobodySentIsWrong() {
    find("a", BRONZE);

    assertThat(balance.result().breaches())
        .containsExactly("a is in bronze.sales (sales/0: 0), and nobody sent it");
  }

  @Test
  void nothingOfARefusedBodyMayBeThere() {
    balance.sent("a", Promise.REFUSED);
    find("a", BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.wrong()).isEqualTo(1);
    assertThat(result.breaches())
        .containsExactly("a is in bronze.sales (sales/0: 0), and its contract says REFUSED");
  }

  @Test
  void anOldEventMustNotBeInBronze() {
    acknowledge("a", Promise.LATE);
    find("a", BRONZE);

    assertThat(balance.result().holds()).isFalse();
  }

  @Test
  void anUnconfirmedEventMayBeThereOrNot() {
    balance.sent("a", Promise.KEPT);
    balance.sent("b", Promise.KEPT);
    find("b", BRONZE);

    StreamCertificate result = balance.result();

    assertThat(result.holds()).isTrue();
    assertThat(result.unconfirmed()).isEqualTo(2);
    assertThat(result.acknowledged()).isZero();
  }
}
