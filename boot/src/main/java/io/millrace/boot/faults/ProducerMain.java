package io.millrace.boot.faults;

import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The producer's process: a thread for each stream. Orders come as lines of standard input, and its
 * end, which comes with that of the parent, ends the process at once.
 *
 * <p>Usage: {@code ProducerMain <project> <data directory> <journal> <seed> <events a second>}
 */
public final class ProducerMain {

  /** What the parent may ask for. */
  enum Order {
    JUMP,
    SEND_BLINDLY,
    /** Ends when every batch has been answered. */
    STOP
  }

  private ProducerMain() {}

  public static void main(String[] args) throws IOException {
    Project project = ProjectReader.load(Path.of(args[0]));
    Random seeds = new Random(Long.parseLong(args[3]));
    double perStream = Double.parseDouble(args[4]) / project.streams().size();
    AtomicBoolean stopping = new AtomicBoolean();
    Producer.Setting setting =
        new Producer.Setting(
            new DataDirectory(Path.of(args[1])),
            Journal.begin(Path.of(args[2])),
            new AtomicLong(),
            stopping,
            InstantSource.system(),
            project.settings().maxBodyBytes());
    List<Producer> producers = new ArrayList<>();
    for (StreamContract contract : project.streams().values()) {
      EventMaker maker =
          new EventMaker(contract, project.settings(), seeds.nextLong(), setting.clock().instant());
      Producer producer =
          new Producer(setting, contract, maker, new Random(seeds.nextLong()), perStream);
      producers.add(producer);
      Thread thread = new Thread(producer, contract.name());
      thread.setUncaughtExceptionHandler((it, e) -> die(e));
      thread.start();
    }
    Daemons.thread("orders", () -> obey(producers, stopping)).start();
  }

  private static void obey(List<Producer> producers, AtomicBoolean stopping) {
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        switch (Order.valueOf(line)) {
          case JUMP -> producers.forEach(Producer::jump);
          case SEND_BLINDLY -> producers.forEach(Producer::sendBlindly);
          case STOP -> stopping.set(true);
        }
      }
    } catch (IOException e) {
      // A pipe that cannot be read has ended.
    }
    System.exit(1);
  }

  private static void die(Throwable problem) {
    if (problem instanceof MillraceException known) {
      System.err.println(known.getMessage());
    } else {
      problem.printStackTrace();
    }
    System.exit(1);
  }
}
