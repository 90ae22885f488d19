package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.event.EventDecoder;
import io.millrace.event.Verdict;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Load;
import io.millrace.lake.LoadedFile;
import io.millrace.project.StreamContract;
import io.millrace.stream.Chunk.State;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Brings files of events straight into data files, as history: received when they happened.
 *
 * <p>Lines are decided about by the same {@link StreamIntake} as in the stream, in several threads,
 * a chunk each. Which of two events with the same id is the first must not depend on which thread
 * is faster, so a chunk is read twice: once for its ids, which are then compared chunk after chunk
 * in the order of the files, and once for its rows. Reading costs a fraction of writing.
 */
final class BulkLoad implements Closeable {

  /** An id is remembered for so many events at least, and for a quarter more at most. */
  static final long EVENTS_REMEMBERED = 8_000_000;

  /**
   * Lines that one thread reads before it closes its data files, which hold buffers until then: a
   * few seconds of work, as between two checkpoints of the stream.
   */
  private static final long BYTES_BETWEEN_CLOSINGS = 256L << 20;

  private final StreamContract contract;
  private final List<LoadFile> files;
  private final int firstNumber;
  private final long nowMicros;
  private final Limits limits;
  private final List<StreamIntake> intakes = new ArrayList<>();
  private final LineChunks chunks;
  private final LoadCounts counts;
  private final Map<String, NewRows> rows = new TreeMap<>();
  private final RepeatWindow window = RepeatWindow.overEvents(EVENTS_REMEMBERED);

  /** How many events the window has seen. */
  private long events;

  /** Whose ids are compared next; its file, and the lines before it. */
  private long turn;

  private int file = -1;
  private long line;

  /**
   * How many threads read, and how much at once.
   *
   * @param chunkBytes small enough to stay in a processor's cache between being read twice
   */
  record Limits(int threads, int chunkBytes) {

    /** More threads than this wait for each other's ids and for the disk. */
    private static final int MAX_THREADS = 8;

    /** For this machine. */
    static Limits here() {
      return new Limits(Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()), 1 << 20);
    }
  }

  /**
   * @param firstNumber of the first file; the others follow it
   * @param nowMicros when lines that break the contract are taken as received
   * @param intake makes one for a thread
   */
  BulkLoad(
      StreamContract contract,
      List<LoadFile> files,
      int firstNumber,
      long nowMicros,
      Limits limits,
      Supplier<StreamIntake> intake) {
    this.contract = contract;
    this.files = List.copyOf(files);
    this.firstNumber = firstNumber;
    this.nowMicros = nowMicros;
    this.chunks = new LineChunks(files.stream().map(LoadFile::path).toList());
    this.limits = limits;
    this.counts = new LoadCounts(files.size());
    for (int i = 0; i < limits.threads(); i++) {
      intakes.add(intake.get());
    }
  }

  /** Reads all files to their ends. */
  Load run() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(intakes.size());
    try {
      CompletionService<Void> running = new ExecutorCompletionService<>(threads);
      intakes.forEach(intake -> running.submit(() -> work(intake)));
      for (int i = 0; i < intakes.size(); i++) {
        // Whoever fails first ends all: the others may be waiting for its turn.
        running.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        // A thread ends with its chunk, and nothing may be closed under it.
      }
    }
    List<LoadedFile> loaded = new ArrayList<>();
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      LoadFile of = files.get(i);
      LoadedFile it =
          new LoadedFile(firstNumber + i, of.location(), of.bytes(), chunks.digests().get(i));
      loaded.add(it);
      ranges.add(counts.range(i, contract.topic(), it.partition()));
    }
    requireUnchanged();
    return new Load(contract.name(), loaded, ranges, List.copyOf(rows.values()));
  }

  private void requireUnchanged() {
    long planned = files.stream().mapToLong(LoadFile::bytes).sum();
    if (chunks.bytesRead() != planned) {
      throw MillraceException.caller(
          "Cannot load into '%s': a file changed while it was read, %,d bytes were there and %,d were read; nothing was loaded"
              .formatted(contract.name(), planned, chunks.bytesRead()));
    }
  }

  long bytesRead() {
    return chunks.bytesRead();
  }

  LoadCounts counts() {
    return counts;
  }

  private Void work(StreamIntake intake) throws InterruptedException {
    Chunk chunk = new Chunk(limits.chunkBytes());
    long open = 0;
    while (chunks.next(chunk)) {
      chunk.split();
      findIds(chunk, intake);
      compareIds(chunk);
      write(chunk, intake);
      open += chunk.length;
      if (open >= BYTES_BETWEEN_CLOSINGS) {
        takeRows(intake);
        open = 0;
      }
    }
    takeRows(intake);
    return null;
  }

  private static void findIds(Chunk chunk, StreamIntake intake) {
    for (int i = 0; i < chunk.lines(); i++) {
      if (chunk.length(i) > 0) {
        boolean kept = decide(chunk, i, intake);
        chunk.put(i, kept ? State.KEPT : State.BROKEN);
        if (kept) {
          chunk.putId(i, intake.idHigh(), intake.idLow());
        }
      }
    }
  }

  private static boolean decide(Chunk chunk, int line, StreamIntake intake) {
    return intake.keepsContract(
        chunk.bytes, chunk.start(line), chunk.length(line), EventDecoder.AT_EVENT_TIME);
  }

  /** One chunk after the other, whoever has read them. */
  private synchronized void compareIds(Chunk chunk) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("another thread has failed");
    }
    while (turn != chunk.number) {
      wait();
    }
    if (chunk.file != file) {
      file = chunk.file;
      line = 0;
    }
    chunk.firstLine = line;
    line += chunk.lines();
    for (int i = 0; i < chunk.lines(); i++) {
      if (chunk.state(i) == State.KEPT
          && !window.isFirst(chunk.idHigh(i), chunk.idLow(i), events++)) {
        chunk.put(i, State.REPEATED);
      }
    }
    var unused = window.takeAdditions(); // nobody restores this window
    turn++;
    notifyAll();
  }

  private void write(Chunk chunk, StreamIntake intake) {
    OutcomeCounts outcomes = new OutcomeCounts();
    int partition = LoadedFile.partition(firstNumber + chunk.file);
    for (int i = 0; i < chunk.lines(); i++) {
      State state = chunk.state(i);
      if (state == State.BLANK) {
        continue;
      }
      decide(chunk, i, intake);
      long at = chunk.firstLine + i;
      Outcome outcome = Outcome.REJECTED;
      if (state == State.BROKEN) {
        Verdict.Rejected breach = intake.breach();
        counts.add(
            new LoadReject(
                chunk.file, at + 1, breach.reason().toString(), breach.field(), breach.detail()));
        intake.writeRejected(chunk.event(i), nowMicros, partition, at);
      } else {
        outcome = intake.outcome(state == State.KEPT);
        intake.write(outcome, partition, at);
      }
      outcomes.add(outcome);
    }
    counts.add(chunk.file, chunk.lines(), outcomes);
  }

  private void takeRows(StreamIntake intake) {
    List<NewRows> taken = intake.takeRows();
    synchronized (rows) {
      taken.forEach(part -> rows.merge(part.table().toString(), part, NewRows::plus));
    }
  }

  /** Gives up what was not handed over. */
  @Override
  public void close() {
    intakes.forEach(StreamIntake::close);
    chunks.close();
  }
}
