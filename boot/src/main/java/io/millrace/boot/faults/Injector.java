package io.millrace.boot.faults;

import io.millrace.boot.faults.BrokerProxy.Mode;
import io.millrace.boot.faults.ProducerMain.Order;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.prove.Fault;
import io.millrace.prove.Fault.Victim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the faults of a plan happen. It returns when the cause of a fault is gone again. */
final class Injector {

  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);

  /** A checkpoint or a commit comes within some of the longest commit intervals people set. */
  private static final Duration TO_BEGIN = Duration.ofSeconds(60);

  private static final int ATTEMPTS = 5;
  private static final Duration INSTANT = Duration.ofMillis(1);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_RESETS = Duration.ofSeconds(1);

  /**
   * Whether the fault could be made to happen.
   *
   * @param note what was seen, or the reason why not
   */
  record Hit(boolean tried, String note) {
    static final Hit DONE = new Hit(true, "");
  }

  private final RunningUp up;
  private final RunningProducer producer;
  private final BrokerProxy proxy;
  private final Scratch scratch;

  Injector(RunningUp up, RunningProducer producer, BrokerProxy proxy, Scratch scratch) {
    this.up = up;
    this.producer = producer;
    this.proxy = proxy;
    this.scratch = scratch;
  }

  Hit inject(Fault fault) {
    switch (fault.kind()) {
      case KILL, KILL_SEVERAL -> kill(fault.victims());
      case KILL_AGAIN -> killAgain(fault.victims().get(0));
      case KILL_IN_CHECKPOINT -> {
        return killInCheckpoint();
      }
      case KILL_IN_COMMIT -> {
        return killInCommit();
      }
      case RESTART -> {
        up.stop();
        up.start();
      }
      case KILL_ALL -> {
        up.kill();
        up.start();
      }
      case BROKER_SLOW -> proxied(Mode.SLOW, fault.lasts());
      case BROKER_STALLS -> proxied(Mode.STALL, fault.lasts());
      case BROKER_REFUSES -> proxied(Mode.REFUSE, fault.lasts());
      case BROKER_RESETS -> reset(fault.lasts());
      case FREEZE -> freeze(fault.victims().get(0), fault.lasts());
      case DISK_FULL -> {
        return fillDisk(fault.lasts());
      }
      case TIME_JUMP -> producer.order(Order.JUMP);
      case SENT_AGAIN -> producer.order(Order.SEND_BLINDLY);
    }
    return Hit.DONE;
  }

  private void kill(List<Victim> victims) {
    victims.stream().map(this::running).toList().forEach(ProcessHandle::destroyForcibly);
  }

  private void killAgain(Victim victim) {
    ProcessHandle first = running(victim);
    first.destroyForcibly();
    ProcessHandle second = running(victim, it -> it.pid() != first.pid());
    Wait.pause(BETWEEN_KILLS);
    second.destroyForcibly();
  }

  private ProcessHandle running(Victim victim) {
    return running(victim, it -> true);
  }

  /** The process of a victim, once there is one. */
  private ProcessHandle running(Victim victim, Predicate<ProcessHandle> which) {
    List<ProcessHandle> found = new ArrayList<>();
    boolean runs =
        Wait.until(
            TO_START, LOOK, () -> up.find(victim).filter(which).map(found::add).orElse(false));
    if (!runs) {
      throw MillraceException.us(
          "Cannot go on: no process of the %s runs for %d s"
              .formatted(victim, TO_START.toSeconds()));
    }
    return found.get(0);
  }

  /** A checkpoint of little state is complete in no time, so that a kill may come too late. */
  private Hit killInCheckpoint() {
    Hit hit = killInNextCheckpoint();
    for (int again = 1; !hit.tried() && again < ATTEMPTS; again++) {
      hit = killInNextCheckpoint();
    }
    return hit;
  }

  /** At the moment when there is the directory of a checkpoint, and not yet what completes it. */
  private Hit killInNextCheckpoint() {
    Path checkpoints = scratch.data().checkpoints();
    Set<Path> before = open(checkpoints);
    ProcessHandle stream = running(Victim.STREAM);
    List<Path> begun = new ArrayList<>();
    boolean seen =
        Wait.until(
            TO_BEGIN,
            INSTANT,
            () -> {
              begun.addAll(open(checkpoints));
              begun.removeAll(before);
              return !begun.isEmpty();
            });
    if (!seen) {
      return new Hit(false, "no checkpoint began in %d s".formatted(TO_BEGIN.toSeconds()));
    }
    stream.destroyForcibly();
    stream.onExit().join();
    String name = begun.get(0).getFileName().toString();
    return open(checkpoints).contains(begun.get(0))
        ? new Hit(true, name + " has no _metadata")
        : new Hit(false, name + " was complete before the kill came");
  }

  private static Set<Path> open(Path checkpoints) {
    return files(checkpoints, 3).stream()
        .filter(it -> it.getFileName().toString().startsWith("chk-"))
        .filter(it -> !Files.exists(it.resolve("_metadata")))
        .collect(Collectors.toSet());
  }

  /** At the moment when a file of metadata is new. */
  private Hit killInCommit() {
    Set<Path> before = metadata(scratch.data());
    ProcessHandle stream = running(Victim.STREAM);
    List<Path> added = new ArrayList<>();
    boolean seen =
        Wait.until(
            TO_BEGIN,
            INSTANT,
            () -> {
              added.addAll(metadata(scratch.data()));
              added.removeAll(before);
              return !added.isEmpty();
            });
    if (!seen) {
      return new Hit(false, "no commit began in %d s".formatted(TO_BEGIN.toSeconds()));
    }
    stream.destroyForcibly();
    return new Hit(true, "at " + added.get(0).getFileName());
  }

  private static Set<Path> metadata(DataDirectory data) {
    Set<Path> files = new HashSet<>();
    for (Path table : files(data.lake().resolve("bronze"), 1)) {
      files.addAll(files(table.resolve("metadata"), 1));
    }
    return files;
  }

  /** What is in a directory now; it changes while it is read. */
  private static List<Path> files(Path directory, int depth) {
    try (Stream<Path> all = Files.walk(directory, depth, new FileVisitOption[0])) {
      return all.filter(it -> !it.equals(directory)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      return List.of();
    } catch (IOException e) {
      throw MillraceException.world("Cannot look into " + directory + ": " + e.getMessage(), e);
    }
  }

  private void proxied(Mode mode, Duration time) {
    proxy.become(mode);
    Wait.pause(time);
    proxy.become(Mode.PASS);
  }

  private void reset(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      proxy.reset();
      Wait.pause(BETWEEN_RESETS);
    }
  }

  private void freeze(Victim victim, Duration time) {
    String pid = Long.toString(running(victim).pid());
    Shell.run(List.of("kill", "-STOP", pid));
    try {
      Wait.pause(time);
    } finally {
      Shell.run(List.of("kill", "-CONT", pid));
    }
  }

  private Hit fillDisk(Duration time) {
    Optional<String> whyNot = scratch.whyNoDisk();
    if (whyNot.isPresent()) {
      return new Hit(false, whyNot.get());
    }
    scratch.fill();
    try {
      Wait.pause(time);
    } finally {
      scratch.free();
    }
    return Hit.DONE;
  }
}
