package io.millrace.boot.faults;

import io.millrace.boot.faults.ProducerMain.Order;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The producer's process: it takes orders over a pipe, and ends with it. */
final class RunningProducer implements AutoCloseable {

  private static final long LAST_ANSWERS_S = 660;

  private final Process process;
  private final Writer orders;
  private final Path log;

  private RunningProducer(Process process, Path log) {
    this.process = process;
    this.orders = process.outputWriter();
    this.log = log;
  }

  /** Takes the arguments of {@link ProducerMain}, and a file for what it says. */
  static RunningProducer start(Installation installation, List<String> arguments, Path log) {
    List<String> words = new ArrayList<>(arguments);
    words.add(0, ProducerMain.class.getName());
    List<String> command =
        installation.java(
            "server", List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"), words);
    try {
      return new RunningProducer(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw MillraceException.world("Cannot start the producer: " + e.getMessage(), e);
    }
  }

  void order(Order order) {
    try {
      orders.write(order + "\n");
      orders.flush();
    } catch (IOException e) {
      requireAlive();
      throw MillraceException.us("Cannot tell the producer: " + e.getMessage(), e);
    }
  }

  /** It ends by itself only if something was answered that never may be. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw MillraceException.us("Cannot go on: the producer ended: " + said());
    }
  }

  private String said() {
    try {
      return Files.readString(log).strip();
    } catch (IOException e) {
      return "its log " + log + " cannot be read";
    }
  }

  /** Waits until the last batch has been answered. */
  void finish() throws InterruptedException {
    order(Order.STOP);
    if (!process.waitFor(LAST_ANSWERS_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw MillraceException.us("Cannot finish the producer's books: " + said());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
