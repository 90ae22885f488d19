package io.millrace.stream;

import io.millrace.core.Row;
import io.millrace.event.StoredRow;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.stream.HeldRows.Held;
import io.millrace.stream.HeldRows.Stretch;
import io.millrace.stream.RowIntake.Now;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The events that tables hold of some stretches of offsets, each decided again by the contract. Of
 * an offset it keeps the file of its row, the row's fingerprint, the event's id and what was
 * decided: some forty bytes, so whoever has many takes them stretch by stretch.
 */
final class HeldEvents {

  private static final int NONE = -1;
  private static final int ROWS_BETWEEN_REPORTS = 10_000;

  private record File(Outcome table, RebuiltTable.OldFile file) {}

  /** By offset, from the first of a stretch. */
  private static final class Events {
    private final long first;
    private final int[] files;
    private final long[] fingerprints;
    private final long[] highs;
    private final long[] lows;

    /** What the contract says of it. */
    private final Now[] decided;

    /** What becomes of it. */
    private final Outcome[] settled;

    Events(Stretch stretch) {
      int offsets = Math.toIntExact(stretch.offsets());
      first = stretch.from();
      files = new int[offsets];
      Arrays.fill(files, NONE);
      fingerprints = new long[offsets];
      highs = new long[offsets];
      lows = new long[offsets];
      decided = new Now[offsets];
      settled = new Outcome[offsets];
    }

    boolean covers(long offset) {
      return offset >= first && offset - first < files.length;
    }
  }

  /** An event; the same until the next is handed over. */
  static final class Event {
    private Outcome was;
    private Now now;
    private long offset;
    private long fingerprint;
    private long idHigh;
    private long idLow;

    Outcome was() {
      return was;
    }

    Now now() {
      return now;
    }

    long offset() {
      return offset;
    }

    /** Of its row as it was. */
    long fingerprint() {
      return fingerprint;
    }

    long idHigh() {
      return idHigh;
    }

    long idLow() {
      return idLow;
    }
  }

  private final Map<TopicPartition, Events> events = new HashMap<>();
  private final List<File> files = new ArrayList<>();
  private final RowIntake intake;

  /**
   * Reads them and decides about each.
   *
   * @param wanted one of each partition at most
   * @param progress told of so many rows more
   */
  HeldEvents(
      List<Stretch> wanted,
      Map<Outcome, RebuiltTable> tables,
      RowIntake intake,
      LongConsumer progress) {
    this.intake = intake;
    wanted.forEach(stretch -> events.put(stretch.key(), new Events(stretch)));
    long[] read = {0};
    tables.forEach(
        (outcome, table) -> {
          for (RebuiltTable.OldFile file : table.filesWith(wanted)) {
            int number = files.size();
            files.add(new File(outcome, file));
            table.readRows(
                file,
                (row, key, offset) -> {
                  Events of = events.get(key);
                  if (of != null && of.covers(offset)) {
                    put(of, offset, outcome, number, row);
                    if (++read[0] % ROWS_BETWEEN_REPORTS == 0) {
                      progress.accept(ROWS_BETWEEN_REPORTS);
                    }
                  }
                });
          }
        });
  }

  private void put(Events of, long offset, Outcome was, int file, Row row) {
    int at = (int) (offset - of.first);
    of.decided[at] = intake.decide(was, row);
    of.files[at] = file;
    of.fingerprints[at] = files.get(file).file().table().heldFingerprint(row);
    of.highs[at] = intake.idHigh();
    of.lows[at] = intake.idLow();
  }

  /** Says what becomes of an event. */
  interface Settler {
    /** Its new outcome; null if its row stays where it is, as it is. */
    Outcome settle(Event event);
  }

  /** Hands over the events of a stretch in the order of their offsets. */
  void settle(Stretch stretch, Settler settler) {
    Events of = events.get(stretch.key());
    Event event = new Event();
    for (int at = 0; at < of.files.length; at++) {
      if (of.files[at] != NONE) {
        event.was = files.get(of.files[at]).table();
        event.now = of.decided[at];
        event.offset = of.first + at;
        event.fingerprint = of.fingerprints[at];
        event.idHigh = of.highs[at];
        event.idLow = of.lows[at];
        Outcome outcome = settler.settle(event);
        if (outcome == null) {
          of.files[at] = NONE;
        } else {
          of.settled[at] = outcome;
        }
      }
    }
  }

  /** Puts rows that do not stay where they belong; each event must have been settled. */
  void move() {
    boolean[] open = new boolean[files.size()];
    for (Events of : events.values()) {
      for (int file : of.files) {
        if (file != NONE) {
          open[file] = true;
        }
      }
    }
    for (int number = 0; number < open.length; number++) {
      if (open[number]) {
        move(number);
      }
    }
  }

  private void move(int number) {
    File file = files.get(number);
    file.file()
        .table()
        .readRows(
            file.file(),
            (row, key, offset) -> {
              Events of = events.get(key);
              if (of != null && of.covers(offset)) {
                int at = (int) (offset - of.first);
                if (of.files[at] == number) {
                  // Where the row goes its session goes with it, or it has none there.
                  Held held = new Held(file.file(), of.fingerprints[at], StoredRow.NO_SESSION);
                  intake.put(row, key, offset, file.table(), of.settled[at], held);
                }
              }
            });
  }
}
