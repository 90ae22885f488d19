package io.millrace.boot.faults;

import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.Ports;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.prove.Certificate;
import io.millrace.prove.Proof;
import io.millrace.prove.SoakCertificate;
import io.millrace.prove.SoakCertificate.Step;
import io.millrace.prove.StreamCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a project on a scratch directory, finds the highest load that it sustains, writes half of it
 * for a long time, and shows what grew meanwhile.
 */
public final class SoakRun implements AutoCloseable {

  /**
   * What is to be run.
   *
   * @param length of the steady load, without looking for it
   * @param command repeats it
   */
  public record Order(
      Installation installation, Project project, Duration length, long seed, String command) {}

  private static final Duration TO_START = Duration.ofMinutes(5);
  private static final Duration TO_SETTLE = Duration.ofMinutes(15);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final double FIRST_LOAD = 2_000;
  private static final double STEEPER = 1.5;
  private static final double KEPT_UP = 0.9;
  private static final int SAMPLES = 240;
  private static final Duration BETWEEN_PROOFS = Duration.ofMinutes(1);

  /** Of the disk that is free: others need some, too. */
  private static final double OF_DISK = 0.8;

  private final Order order;
  private final Consumer<String> say;
  private final Scratch scratch;
  private final RunningUp up;
  private final Load load;
  private final Lake lake;
  private final Samples samples;
  private boolean closed;

  private SoakRun(Order order, Consumer<String> say) {
    this.order = order;
    this.say = say;
    this.scratch = Scratch.make(false);
    DataDirectory data = scratch.data();
    this.up =
        RunningUp.start(
            new RunningUp.Start(
                order.installation(),
                order.project().directory(),
                data,
                scratch.file("up.log"),
                new Ports(new SecureRandom())::any,
                Optional.empty()));
    boolean locked = Wait.until(TO_START, LOOK, () -> Files.exists(data.endpoints()));
    if (!locked) {
      throw MillraceException.us("Cannot start the project; its output is " + scratch.keep());
    }
    this.lake = Lake.open(data);
    this.load = new Load(order.project(), data, order.seed(), InstantSource.system());
    this.samples = new Samples(order.project(), data, up, load);
  }

  /**
   * Does it all.
   *
   * @param say told how far it is
   * @throws MillraceException if the project's events are not its own to make, or have no field
   *     that can tell them apart
   */
  public static SoakCertificate run(Order order, Consumer<String> say) {
    Scratch.requireOwnParts(order.project());
    order.project().streams().values().forEach(EventMaker::carrier);
    try (SoakRun run = new SoakRun(order, say)) {
      Runtime.getRuntime().addShutdownHook(new Thread(run::close, "stop"));
      SoakCertificate certificate = run.certified();
      if (!certificate.holds()) {
        say.accept("Everything is kept in " + run.scratch.keep());
      }
      return certificate;
    }
  }

  /** What it says of a failure, with the logs of the processes kept to find out why. */
  private SoakCertificate certified() {
    try {
      return certificate();
    } catch (MillraceException e) {
      say.accept("Everything is kept in " + scratch.keep());
      throw e;
    }
  }

  private SoakCertificate certificate() {
    awaitEvents();
    Instant started = Instant.now();
    List<Step> ramp = ramp();
    double highest = SoakCertificate.highest(ramp);
    if (highest == 0) {
      throw MillraceException.world(
          "Cannot find a load: not even %,.0f events a second are sustained; is something else running?"
              .formatted(FIRST_LOAD));
    }
    say.accept("The highest load that is sustained: %,.0f events a second.".formatted(highest));
    settle();
    double steady = Math.min(highest / 2, affordable());
    say.accept(
        "From now on %,.0f events a second, for %d minutes%s."
            .formatted(
                steady,
                order.length().toMinutes(),
                steady < highest / 2 ? ": the disk does not hold more" : ""));
    long before = load.acknowledged();
    Duration took = hold(steady);
    double held = (load.acknowledged() - before) / (took.toMillis() / 1e3);
    load.finish();
    Duration lasted = Duration.between(started, Instant.now());
    int restarts = samples.restarts();
    Optional<Proof> proof = FullProof.of(order.project(), scratch.data(), lake, TO_SETTLE, say);
    List<StreamCertificate> streams = load.certify(lake);
    Certificate balance =
        new Certificate(
            order.project().name(),
            order.seed(),
            order.command(),
            started,
            lasted,
            streams,
            List.of(),
            proof);
    return new SoakCertificate(
        balance, ramp, held, samples.proofs(), samples.proofsFailed(), restarts, samples.series());
  }

  /** Until the first events of each stream are in their tables. */
  private void awaitEvents() {
    load.offer(FIRST_LOAD / 4);
    boolean arrive =
        Wait.until(
            TO_START,
            Duration.ofSeconds(1),
            () -> {
              load.requireWell();
              return load.acknowledged() > 0
                  && order.project().streams().values().stream()
                      .allMatch(it -> lake.find(it.bronze()).isPresent());
            });
    if (!arrive) {
      throw MillraceException.us("Cannot begin: no event arrives; see " + scratch.keep());
    }
    settle();
  }

  /**
   * Steeper and steeper, until twice in a row it is not kept up with: once may be a pause. Then
   * down again, for longer: what tables fall behind by in a few seconds is not seen.
   */
  private List<Step> ramp() {
    List<Step> steps = new ArrayList<>();
    double offered = FIRST_LOAD;
    int failed = 0;
    while (failed < 2) {
      Step step = step(offered, 15);
      steps.add(step);
      failed = step.sustained() ? 0 : failed + 1;
      offered *= step.sustained() ? STEEPER : 1;
    }
    do {
      settle();
      offered /= STEEPER;
      steps.add(step(offered, 60));
    } while (!steps.get(steps.size() - 1).sustained() && offered > FIRST_LOAD);
    return steps;
  }

  /**
   * Tries a load.
   *
   * @param seconds at most; less for a short run
   */
  private Step step(double offered, long seconds) {
    long length = Math.max(4, Math.min(seconds, order.length().toSeconds() / 20));
    load.offer(offered);
    pause(Duration.ofSeconds(length / 2));
    long before = load.acknowledged();
    long started = System.nanoTime();
    pause(Duration.ofSeconds(length));
    double rate = (load.acknowledged() - before) / ((System.nanoTime() - started) / 1e9);
    double behind = samples.behindSeconds();
    double mayBehind = 3 * order.project().settings().commitInterval().toMillis() / 1e3 + 2;
    say.accept(
        "%,9.0f events a second offered, %,9.0f acknowledged, tables %.0f s behind"
            .formatted(offered, rate, behind));
    return new Step(offered, rate, behind, rate >= KEPT_UP * offered && behind <= mayBehind);
  }

  /** Sends nothing until what was sent is in the tables. */
  private void settle() {
    load.offer(0);
    boolean settled =
        Wait.until(
            TO_SETTLE,
            Duration.ofSeconds(1),
            () -> {
              load.requireWell();
              return samples.behindSeconds() == 0;
            });
    if (!settled) {
      throw MillraceException.us(
          "Cannot go on: tables are still behind after %d minutes without load; see %s"
              .formatted(TO_SETTLE.toMinutes(), scratch.keep()));
    }
  }

  /** Events a second that the disk holds for the whole time. */
  private double affordable() {
    try {
      DataDirectory data = scratch.data();
      double bytesPerEvent = Disk.ofEvents(data) / (double) Math.max(1, load.acknowledged());
      long free =
          Files.getFileStore(data.root()).getUsableSpace()
              - order.project().settings().minFreeDiskBytes();
      return OF_DISK * Math.max(0, free) / bytesPerEvent / order.length().toSeconds();
    } catch (IOException e) {
      throw MillraceException.world("Cannot look at the disk: " + e.getMessage(), e);
    }
  }

  /** Measures from the start of the load to its end. */
  private Duration hold(double eventsPerSecond) {
    Duration between =
        Duration.ofMillis(Math.max(2_000, Math.min(15_000, order.length().toMillis() / SAMPLES)));
    load.posts().take();
    load.offer(eventsPerSecond);
    long started = System.nanoTime();
    long before = load.acknowledged();
    Duration proven = Duration.ZERO;
    for (Duration due = between; due.compareTo(order.length()) <= 0; due = due.plus(between)) {
      Duration early = due.minus(since(started));
      if (!early.isNegative()) {
        pause(early);
      }
      samples.take(since(started));
      if (due.minus(proven).compareTo(BETWEEN_PROOFS) >= 0) {
        proven = due;
        samples.prove(since(started)).forEach(say);
        say.accept(
            "%3d min: %,d events, tables %.0f s behind"
                .formatted(due.toMinutes(), load.acknowledged() - before, samples.behindSeconds()));
      }
    }
    return since(started);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private void pause(Duration time) {
    load.requireWell();
    Wait.pause(time);
    load.requireWell();
  }

  /** Ends what was started, in the order of who needs whom. Can be called again. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    load.close();
    up.close();
    lake.close();
    scratch.close();
  }
}
