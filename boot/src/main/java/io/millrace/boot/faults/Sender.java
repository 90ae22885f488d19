package io.millrace.boot.faults;

import io.millrace.boot.faults.EventMaker.Made;
import io.millrace.core.MillraceException;
import io.millrace.shop.Rate;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/**
 * Sends batches of one stream at the load's pace, each until it is answered, as the guide tells
 * producers to. A few batches are sent twice, and a few have an event that breaks its contract.
 */
final class Sender implements Runnable {

  private static final int MAX_BATCH = 2_000;
  private static final int ONE_IN_TWICE = 100;
  private static final int ONE_IN_MALFORMED = 20;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final long BETWEEN_BATCHES_MS = 100;

  private final Load.Stream stream;
  private final Load.Pace pace;
  private final Door door;
  private final EventMaker maker;
  private final Random random;
  private final InstantSource clock;

  Sender(
      Load.Stream stream,
      Load.Pace pace,
      Door door,
      EventMaker maker,
      Random random,
      InstantSource clock) {
    this.stream = stream;
    this.pace = pace;
    this.door = door;
    this.maker = maker;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      double perSecond = 0;
      Optional<Rate> rate = Optional.empty();
      while (!pace.stopping) {
        if (perSecond != pace.perSender) {
          perSecond = pace.perSender;
          rate =
              perSecond > 0 ? Optional.of(new Rate(perSecond, System::nanoTime)) : Optional.empty();
        }
        int due = rate.map(it -> it.take(MAX_BATCH)).orElse(0);
        if (due > 0) {
          deliver(batch(due));
        }
        if (due < MAX_BATCH) {
          Thread.sleep(BETWEEN_BATCHES_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Events in a row, and perhaps one that is rejected. */
  private record Batch(int first, int count, Optional<Made> malformed, BodyPublisher body) {}

  private Batch batch(int count) {
    Instant now = clock.instant();
    String time = EventMaker.timeText(now);
    String lateTime =
        EventMaker.timeText(now.minus(stream.contract().lateness()).minus(Duration.ofHours(1)));
    int first = stream.balance().send(count);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int event = first; event < first + count; event++) {
      stream
          .patterns()
          .get(event % stream.patterns().size())
          .fill(stream.ids().of(event).toString(), stream.isLate(event) ? lateTime : time, lines);
      lines.write('\n');
    }
    Optional<Made> malformed =
        oneIn(ONE_IN_MALFORMED) ? Optional.of(maker.malformed(now)) : Optional.empty();
    malformed.ifPresent(
        it -> {
          stream.balance().sent(it.id(), it.promise());
          lines.writeBytes(it.json().getBytes(StandardCharsets.UTF_8));
        });
    return new Batch(first, count, malformed, BodyPublishers.ofByteArray(lines.toByteArray()));
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  private void deliver(Batch batch) throws InterruptedException {
    untilTaken(batch);
    stream.balance().acknowledged(batch.first(), batch.count());
    batch.malformed().ifPresent(it -> stream.balance().acknowledged(it.id()));
    int late = 0;
    for (int event = batch.first(); event < batch.first() + batch.count(); event++) {
      late += stream.isLate(event) ? 1 : 0;
    }
    stream.arrivals().acknowledged(batch.count() - late, System.nanoTime());
    pace.acknowledged.add(batch.count());
    if (oneIn(ONE_IN_TWICE)) {
      sendAgain(batch);
      post(batch);
    }
  }

  /** Sends it until it is answered, or repeats might not be known as such any more. */
  private void untilTaken(Batch batch) throws InterruptedException {
    Instant until = clock.instant().plus(stream.contract().repeatWindow().dividedBy(2));
    int status = post(batch);
    while (status != Door.TAKEN) {
      door.requireMayPass(status);
      if (clock.instant().isAfter(until)) {
        throw MillraceException.world(
            "Cannot go on sending to %s: a batch was not taken for %d s, the last answer was %d"
                .formatted(
                    stream.contract().name(),
                    stream.contract().repeatWindow().dividedBy(2).toSeconds(),
                    status));
      }
      Thread.sleep(PAUSE.toMillis());
      sendAgain(batch);
      status = post(batch);
    }
  }

  private void sendAgain(Batch batch) {
    stream.balance().sendAgain(batch.first(), batch.count());
    batch.malformed().ifPresent(it -> stream.balance().sent(it.id(), it.promise()));
  }

  private int post(Batch batch) throws InterruptedException {
    long started = System.nanoTime();
    int status = door.post(batch.body(), Door.LINES, ANSWER_LIMIT);
    pace.posts.took(System.nanoTime() - started);
    return status;
  }
}
