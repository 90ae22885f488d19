package io.millrace.boot.faults;

import io.millrace.boot.faults.EventMaker.Made;
import io.millrace.boot.faults.Journal.Event;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.StreamContract;
import io.millrace.prove.Promise;
import io.millrace.shop.Rate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Sends events of one stream at a steady rate, and each batch again until it is answered, as the
 * guide tells producers to. Among them are events and bodies that must not be taken.
 */
final class Producer implements Runnable {

  /** What all producers share. */
  record Setting(
      DataDirectory data,
      Journal journal,
      AtomicLong batches,
      AtomicBoolean stopping,
      InstantSource clock,
      int maxBodyBytes) {}

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(8);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int MAX_BATCH = 1_000;
  private static final int ONE_IN_MALFORMED = 20;
  private static final int ONE_IN_BROKEN_BODY = 20;
  private static final int ONE_IN_OVERSIZED = 100;
  private static final int SENT_BLINDLY = 5;
  private static final int MOST_PATIENT_MS = 30;

  private final Setting setting;
  private final StreamContract contract;
  private final EventMaker maker;
  private final Random random;
  private final Rate rate;
  private final Door door;

  /** Orders that the next batches carry out. */
  private final AtomicBoolean jump = new AtomicBoolean();

  private final AtomicBoolean blindly = new AtomicBoolean();

  Producer(
      Setting setting, StreamContract contract, EventMaker maker, Random random, double perSecond) {
    this.setting = setting;
    this.door = new Door(setting.data(), contract.name());
    this.contract = contract;
    this.maker = maker;
    this.random = random;
    this.rate = new Rate(perSecond, System::nanoTime);
  }

  /** The next batch has events of long ago and of times to come. */
  void jump() {
    jump.set(true);
  }

  /** The next batches are each sent once without waiting for the answer, and then again. */
  void sendBlindly() {
    blindly.set(true);
  }

  @Override
  public void run() {
    try {
      while (!setting.stopping().get()) {
        int due = rate.take(MAX_BATCH);
        if (due > 0) {
          deliver(batch(due));
          if (blindly.getAndSet(false)) {
            for (int i = 0; i < SENT_BLINDLY; i++) {
              deliverTwice(batch(Math.max(2, due)));
            }
          }
          if (oneIn(ONE_IN_BROKEN_BODY)) {
            sendBrokenBody();
          }
          if (oneIn(ONE_IN_OVERSIZED)) {
            sendOversizedBody();
          }
        }
        Thread.sleep(Math.max(PAUSE.toMillis(), Math.min(1_000, rate.untilNext().toMillis())));
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot keep the journal: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  /** A batch that is on its way. */
  private record Batch(long number, Instant first, BodyPublisher body) {}

  private Batch batch(int size) throws IOException {
    Instant now = setting.clock().instant();
    boolean jumps = jump.getAndSet(false);
    Instant then = maker.longAgo(now);
    List<Made> events = new ArrayList<>();
    for (int i = 0; i < size || (jumps && i < 3); i++) {
      if (jumps && i % 3 > 0) {
        events.add(i % 3 == 1 ? maker.late(then, now) : maker.ahead(now));
      } else {
        events.add(oneIn(ONE_IN_MALFORMED) ? maker.malformed(now) : maker.fresh(now));
      }
    }
    if (oneIn(ONE_IN_OVERSIZED)) {
      events.add(maker.oversized(now));
    }
    String lines = events.stream().map(Made::json).collect(Collectors.joining("\n"));
    return noted(events, now, lines.getBytes(StandardCharsets.UTF_8));
  }

  private Batch noted(List<Made> events, Instant now, byte[] body) throws IOException {
    long number = setting.batches().incrementAndGet();
    List<Event> ids = events.stream().map(it -> new Event(it.id(), it.promise())).toList();
    setting.journal().sent(number, now.toEpochMilli(), contract.name(), ids);
    return new Batch(number, now, BodyPublishers.ofByteArray(body));
  }

  private void deliver(Batch batch) throws IOException, InterruptedException {
    deliver(batch, door.post(batch.body(), Door.LINES, ANSWER_LIMIT));
  }

  /** The first answer is not waited for; the same events may come twice at once. */
  private void deliverTwice(Batch batch) throws IOException, InterruptedException {
    Duration soon = Duration.ofMillis(1 + random.nextInt(MOST_PATIENT_MS));
    deliver(batch, door.post(batch.body(), Door.LINES, soon));
  }

  /** Sends it again until it is answered, or repeats might not be known as such any more. */
  private void deliver(Batch batch, int first) throws IOException, InterruptedException {
    int status = first;
    while (status != Door.TAKEN) {
      door.requireMayPass(status);
      if (setting.clock().instant().isAfter(batch.first().plus(patience()))) {
        return;
      }
      Thread.sleep(PAUSE.toMillis());
      setting.journal().again(batch.number(), setting.clock().millis());
      status = door.post(batch.body(), Door.LINES, ANSWER_LIMIT);
    }
    setting.journal().acknowledged(batch.number(), setting.clock().millis());
  }

  private Duration patience() {
    return contract.repeatWindow().dividedBy(2);
  }

  /** An array that does not end: nothing of it may be taken. */
  private void sendBrokenBody() throws IOException, InterruptedException {
    Instant now = setting.clock().instant();
    List<Made> events = refused(now);
    String text = events.stream().map(Made::json).collect(Collectors.joining(",", "[", ","));
    refuse(noted(events, now, text.getBytes(StandardCharsets.UTF_8)), Door.ARRAY, 400);
  }

  /** Small as it is sent, and larger than the largest body once it is decompressed. */
  private void sendOversizedBody() throws IOException, InterruptedException {
    Instant now = setting.clock().instant();
    List<Made> events = refused(now);
    String text = events.stream().map(Made::json).collect(Collectors.joining("\n"));
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(small)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.write(" ".repeat(setting.maxBodyBytes()).getBytes(StandardCharsets.UTF_8));
    }
    refuse(noted(events, now, small.toByteArray()), Door.LINES + Door.GZIP, 413);
  }

  private List<Made> refused(Instant now) {
    List<Made> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Made fresh = maker.fresh(now);
      events.add(new Made(fresh.json(), fresh.id(), Promise.REFUSED));
    }
    return events;
  }

  private void refuse(Batch batch, String type, int expected)
      throws IOException, InterruptedException {
    int status = door.post(batch.body(), type, ANSWER_LIMIT);
    if (status == Door.TAKEN) {
      setting.journal().acknowledged(batch.number(), setting.clock().millis());
    } else if (status != expected) {
      door.requireMayPass(status);
    }
  }
}
