package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Clicks come over HTTP and are answered for when Kafka has them. */
final class CollectContest implements Contest {

  private static final String RATE = "collect";
  private static final String LATENCY = "collect-p99";

  @Override
  public String name() {
    return RATE;
  }

  @Override
  public String work() {
    return "batches of 100 clicks over HTTP to Kafka, answered when Kafka has them; client and broker on this machine";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    Rival ours = rival(ground, "millrace");
    Rival netty = rival(ground, "netty");
    Rival producer = rival(ground, "producer");
    Rounds rounds = Rounds.run(ground, name(), List.of(ours, netty, producer));
    String half = "99 of 100 such batches are answered within, at half of a side's highest rate";
    return List.of(
        Figure.of(RATE, work(), "events/s", rounds, ours, Optional.of(producer), List.of(netty))
            .atLeast(60_000),
        Figure.of(LATENCY, half, "ms", rounds, ours, Optional.of(producer), List.of(netty))
            .atMost(50));
  }

  /** The program is the client; it starts broker and collector. */
  private static Rival rival(Ground ground, String side) {
    return new Rival(
        side,
        folder ->
            ground.java(
                Jvm.options("-Xmx1g", Jvm.QUIET),
                List.of("bench/server/*", StreamContest.RUNNER, "lib/server/*"),
                "io.millrace.boot.processes.MeasuredCollect",
                side,
                ground.home(),
                ground.project(),
                folder,
                ground.seconds()));
  }
}
