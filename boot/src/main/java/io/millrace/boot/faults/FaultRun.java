package io.millrace.boot.faults;

import io.millrace.boot.faults.Injector.Hit;
import io.millrace.boot.faults.Journal.Line;
import io.millrace.boot.faults.Journal.Word;
import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.Ports;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.prove.Certificate;
import io.millrace.prove.Fault;
import io.millrace.prove.FaultKind;
import io.millrace.prove.FaultOutcome;
import io.millrace.prove.FaultPlan;
import io.millrace.prove.IdBalance;
import io.millrace.prove.IdReader;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a project on a scratch directory, lets a producer write to it, does to it what a plan says,
 * and compares in the end what the producer was told with what the tables hold.
 */
public final class FaultRun implements AutoCloseable {

  /**
   * What is to be run.
   *
   * @param command repeats it
   */
  public record Order(
      Installation installation,
      Project project,
      FaultPlan plan,
      double eventsPerSecond,
      String command) {}

  private static final Duration TO_RECOVER = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Order order;
  private final Consumer<String> say;
  private final Scratch scratch;
  private final Path journal;
  private final BrokerProxy proxy;
  private final RunningUp up;
  private final RunningProducer producer;
  private final Lake lake;

  /** How far the journal has been read. */
  private long position;

  private boolean closed;

  private FaultRun(Order order, Consumer<String> say) {
    this.order = order;
    this.say = say;
    this.scratch = Scratch.make(order.plan().has(FaultKind.DISK_FULL));
    this.journal = scratch.file("journal");
    Ports ports = new Ports(new SecureRandom());
    int advertised = ports.any();
    int listening = ports.any();
    this.proxy = BrokerProxy.start(advertised, listening);
    DataDirectory data = scratch.data();
    Path project = order.project().directory();
    this.up =
        RunningUp.start(
            new RunningUp.Start(
                order.installation(),
                project,
                data,
                scratch.file("up.log"),
                ports::any,
                Optional.of(advertised + ":" + listening)));
    this.producer =
        RunningProducer.start(
            order.installation(),
            List.of(
                project.toString(),
                data.root().toString(),
                journal.toString(),
                Long.toString(order.plan().seed()),
                Double.toString(order.eventsPerSecond())),
            scratch.file("producer.log"));
    // The lock of up makes the directory, for its owner's eyes alone.
    boolean locked = Wait.until(TO_RECOVER, LOOK, () -> Files.exists(data.endpoints()));
    if (!locked) {
      throw MillraceException.us("Cannot start the project; its output is " + scratch.keep());
    }
    this.lake = Lake.open(data);
  }

  /**
   * Does it all.
   *
   * @param say told of each fault when it is over
   * @throws MillraceException if the project's events are not its own to make: they would stay on
   *     an external Kafka
   */
  public static Certificate run(Order order, Consumer<String> say) {
    Scratch.requireOwnParts(order.project());
    try (FaultRun run = new FaultRun(order, say)) {
      Thread atExit = new Thread(run::close, "stop");
      Runtime.getRuntime().addShutdownHook(atExit);
      List<FaultOutcome> outcomes = run.outcomes();
      run.endProducer(outcomes);
      Certificate certificate = run.certify(outcomes, run.proof());
      if (!certificate.holds()) {
        say.accept("Everything is kept in " + run.scratch.keep());
      }
      return certificate;
    }
  }

  private List<FaultOutcome> outcomes() {
    List<FaultOutcome> outcomes = new ArrayList<>();
    Recovery start = recovery(Instant.EPOCH);
    if (!recovers(start)) {
      throw MillraceException.us(
          "Cannot begin: no event of %s is in its table after %d s; see %s"
              .formatted(start.waiting(), TO_RECOVER.toSeconds(), scratch.keep()));
    }
    say.accept("Events arrive. The faults begin.");
    for (Fault fault : order.plan().faults()) {
      Wait.pause(fault.calm());
      FaultOutcome outcome = outcome(fault);
      outcomes.add(outcome);
      say.accept("%3d. %s: %s".formatted(fault.number(), fault, outcome));
      if (outcome.state() == FaultOutcome.State.NOT_RECOVERED) {
        break;
      }
    }
    return outcomes;
  }

  private FaultOutcome outcome(Fault fault) {
    Hit hit = new Injector(up, producer, proxy, scratch).inject(fault);
    long over = System.nanoTime();
    position = Journal.read(journal, position, line -> {});
    Recovery recovery = recovery(Instant.now());
    boolean recovered = recovers(recovery);
    Duration took = Duration.ofNanos(System.nanoTime() - over);
    if (!recovered) {
      return FaultOutcome.notRecovered(fault, took, "still missing: " + recovery.waiting());
    }
    return hit.tried()
        ? FaultOutcome.recovered(fault, took, hit.note())
        : FaultOutcome.notTried(fault, hit.note());
  }

  private Recovery recovery(Instant since) {
    return new Recovery(order.project(), lake, journal, position, since);
  }

  private boolean recovers(Recovery recovery) {
    return Wait.until(
        TO_RECOVER,
        LOOK,
        () -> {
          producer.requireAlive();
          return recovery.isOver();
        });
  }

  /** Where events do not arrive any more, nobody waits for the last answers. */
  private void endProducer(List<FaultOutcome> outcomes) {
    if (outcomes.stream().anyMatch(it -> it.state() == FaultOutcome.State.NOT_RECOVERED)) {
      producer.close();
      return;
    }
    try {
      producer.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot wait for the producer: interrupted", e);
    }
  }

  private Optional<Proof> proof() {
    return FullProof.of(order.project(), scratch.data(), lake, TO_RECOVER, say);
  }

  private Certificate certify(List<FaultOutcome> outcomes, Optional<Proof> proof) {
    List<StreamCertificate> streams =
        order.project().streams().values().stream().map(this::certify).toList();
    long[] times = {Long.MAX_VALUE, 0};
    Journal.read(
        journal,
        0,
        line -> {
          times[0] = Math.min(times[0], line.millis());
          times[1] = Math.max(times[1], line.millis());
        });
    return new Certificate(
        order.project().name(),
        order.plan().seed(),
        order.command(),
        Instant.ofEpochMilli(times[0]),
        Duration.ofMillis(times[1] - times[0]),
        streams,
        outcomes,
        proof);
  }

  private StreamCertificate certify(StreamContract contract) {
    IdBalance balance = new IdBalance(contract.name());
    Map<Long, Line> open = new HashMap<>();
    Journal.read(journal, 0, line -> note(line, contract, open, balance));
    new IdReader(lake, contract, PersonalKey.opener(contract, scratch.data()))
        .forEach(balance::found);
    return balance.result();
  }

  private static void note(
      Line line, StreamContract contract, Map<Long, Line> open, IdBalance balance) {
    if (line.word() == Word.SENT && line.stream().equals(contract.name())) {
      open.put(line.batch(), line);
    }
    Line batch = open.get(line.batch());
    if (batch == null) {
      return;
    }
    switch (line.word()) {
      case SENT, AGAIN -> batch.events().forEach(it -> balance.sent(it.id(), it.promise()));
      case ACKNOWLEDGED -> {
        batch.events().forEach(it -> balance.acknowledged(it.id()));
        open.remove(line.batch());
      }
    }
  }

  /** Ends what was started, in the order of who needs whom. Can be called again. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    producer.close();
    up.close();
    lake.close();
    proxy.close();
    scratch.close();
  }
}
