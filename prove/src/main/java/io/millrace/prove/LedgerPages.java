package io.millrace.prove;

import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The ledger of one stream, read page by page, so that a long one fits in memory. */
final class LedgerPages {

  private static final long PAGE = 5_000;

  private final Ledger ledger;
  private final String stream;

  LedgerPages(Ledger ledger, String stream) {
    this.ledger = ledger;
    this.stream = stream;
  }

  /** The sequence of the last entry as it is now; 0 if there is none. */
  long last() {
    return ledger.last(stream).map(LedgerEntry::sequence).orElse(0L);
  }

  Optional<LedgerEntry> find(long sequence) {
    List<LedgerEntry> found = ledger.between(stream, sequence - 1, sequence);
    return found.stream().findFirst();
  }

  /** Hands over the entries after a sequence and up to another, in order. */
  void forEach(long after, long upTo, Consumer<LedgerEntry> taker) {
    for (long from = after; from < upTo; from += PAGE) {
      ledger.between(stream, from, Math.min(from + PAGE, upTo)).forEach(taker);
    }
  }
}
