package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.prove.IdReader.Found;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * The balance of {@link IdBalance}, in three bits an event, of events with {@link NumberedIds}.
 * Events without a number, such as those that break their contract, may be few. Safe for use by
 * several threads.
 */
public final class NumberedBalance {

  private final String stream;
  private final NumberedIds ids;
  private final IntPredicate isLate;
  private final IdBalance others;
  private final TableName bronze;
  private final TableName late;
  private final TableName repeatedTable;
  private final BitSet acknowledged = new BitSet();
  private final BitSet inBronze = new BitSet();
  private final BitSet inLate = new BitSet();

  /** How often an event was sent again, and is in the table of repeats: of few, so in maps. */
  private final Map<Integer, Integer> again = new HashMap<>();

  private final Map<Integer, Integer> repeated = new HashMap<>();
  private final Breaches breaches = new Breaches();
  private int sent;
  private long twice;
  private long wrong;

  /**
   * Nothing is sent yet.
   *
   * @param isLate whether an event of such a number is sent too late
   */
  public NumberedBalance(String stream, NumberedIds ids, IntPredicate isLate) {
    this.stream = stream;
    this.ids = ids;
    this.isLate = isLate;
    this.others = new IdBalance(stream);
    this.bronze = TableName.bronze(stream);
    this.late = TableName.late(stream);
    this.repeatedTable = TableName.repeated(stream);
  }

  /** The next events are sent; the number of the first. */
  public synchronized int send(int count) {
    int first = sent;
    sent = Math.addExact(sent, count);
    return first;
  }

  /** Events are sent again. */
  public synchronized void sendAgain(int first, int count) {
    for (int it = first; it < first + count; it++) {
      again.merge(it, 1, Integer::sum);
    }
  }

  /** A producer was told that these events are taken. */
  public synchronized void acknowledged(int first, int count) {
    acknowledged.set(first, first + count);
  }

  /** An event without a number is sent. */
  public synchronized void sent(String id, Promise promise) {
    others.sent(id, promise);
  }

  /** An event without a number is taken. */
  public synchronized void acknowledged(String id) {
    others.acknowledged(id);
  }

  /** A row of a table of the stream. */
  public synchronized void found(String id, Found found) {
    OptionalLong number = ids.numberOf(id);
    if (number.isEmpty() || number.getAsLong() >= sent) {
      others.found(id, found);
      return;
    }
    int event = (int) number.getAsLong();
    if (found.table().equals(repeatedTable)) {
      repeated.merge(event, 1, Integer::sum);
    } else if (found.table().equals(bronze) || found.table().equals(late)) {
      boolean isThere = inBronze.get(event) || inLate.get(event);
      (found.table().equals(bronze) ? inBronze : inLate).set(event);
      if (isThere) {
        twice++;
        breaches.add(Breach.Kind.EXTRA, "%s is there twice: again in %s".formatted(id, found));
      }
    } else {
      wrong++;
      breaches.add(Breach.Kind.EXTRA, "%s is in %s".formatted(id, found));
    }
  }

  /** The balance, once every event and every row has been told. */
  public synchronized StreamCertificate result() {
    long acknowledgedHashes = 0;
    long foundHashes = 0;
    long lost = 0;
    for (int event = 0; event < sent; event++) {
      boolean found = inBronze.get(event) || inLate.get(event);
      String id = ids.of(event).toString();
      if (acknowledged.get(event)) {
        long hash = IdBalance.hash(id);
        acknowledgedHashes += hash;
        foundHashes += found ? hash : 0;
      }
      if (!found && acknowledged.get(event)) {
        lost++;
        breaches.add(Breach.Kind.MISSING, id + " was acknowledged and is in no table");
      } else if (!found && repeated.containsKey(event)) {
        lost++;
        breaches.add(Breach.Kind.MISSING, id + " is in repeated, and nowhere else");
      }
      if (inBronze.get(event) && isLate.test(event)) {
        wrong++;
        breaches.add(Breach.Kind.EXTRA, id + " is in bronze, and was sent too late");
      }
    }
    requireNoMoreThanSent();
    return new StreamCertificate(
            stream,
            acknowledged.cardinality(),
            inBronze.cardinality(),
            inLate.cardinality(),
            0,
            repeated.values().stream().mapToLong(it -> it).sum(),
            sent - acknowledged.cardinality(),
            0,
            lost,
            twice,
            wrong,
            "%016x".formatted(acknowledgedHashes),
            "%016x".formatted(foundHashes),
            breaches.list().stream().map(Breach::sentence).toList())
        .plus(others.result());
  }

  private void requireNoMoreThanSent() {
    repeated.forEach(
        (event, rows) -> {
          int times = again.getOrDefault(event, 0);
          if (rows > times) {
            twice++;
            breaches.add(
                Breach.Kind.EXTRA,
                "%s was sent again %d times and is in repeated %d times"
                    .formatted(ids.of(event), times, rows));
          }
        });
  }
}
