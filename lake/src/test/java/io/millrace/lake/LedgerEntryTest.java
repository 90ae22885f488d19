package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerEntryTest {

  private static final Range FIRST = new Range("clicks", 0, 0, 3, 2, 0, 0, 1, 0);
  private static final Range SECOND = new Range("clicks.rejected", 0, 0, 1, 0, 1, 0, 0, 0);
  private static final Part BRONZE = new Part(TableName.bronze("clicks"), 2, 17, 5);
  private static final Part LATE = new Part(TableName.late("clicks"), 1, 19, 7);

  @Test
  void isSealedAlikeHoweverItsRangesAndPartsAreOrdered() {
    LedgerEntry one = entry(List.of(FIRST, SECOND), List.of(BRONZE, LATE));
    LedgerEntry other = entry(List.of(SECOND, FIRST), List.of(LATE, BRONZE));

    assertThat(other).isEqualTo(one);
    assertThat(other.seal()).isEqualTo(one.sealOver(LedgerEntry.NO_SEAL));
  }

  @Test
  void hasAnotherSealOnceACountIsAltered() {
    LedgerEntry sealed = entry(List.of(FIRST), List.of(BRONZE, LATE));
    Part altered = new Part(BRONZE.table(), 3, BRONZE.fingerprint(), BRONZE.snapshot());

    assertThat(entry(List.of(FIRST), List.of(altered, LATE)).seal()).isNotEqualTo(sealed.seal());
  }

  private static LedgerEntry entry(List<Range> ranges, List<Part> parts) {
    return new LedgerEntry(
            "clicks",
            1,
            1,
            1_000_000,
            ranges,
            parts,
            Optional.empty(),
            List.of(),
            LedgerEntry.NO_SEAL)
        .sealedOver(LedgerEntry.NO_SEAL);
  }
}
