package io.millrace.collect;

import java.nio.file.Path;

/**
 * A process that replays so many events and may be killed at any moment; it prints a line when it
 * begins and after each transaction. Arguments: the project's folder, Kafka, how many events.
 */
final class ReplayProcess {

  private ReplayProcess() {}

  public static void main(String[] args) {
    ReplayedTopic topic = ReplayedTopic.in(Path.of(args[0]), args[1]);
    System.out.println("begins");
    topic
        .replays()
        .send(
            "clicks",
            ReplayedTopic.rejected(0, Integer.parseInt(args[2])).iterator(),
            progress -> System.out.println(progress));
  }
}
