package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What an event costs when there are many more of them. */
final class GrowthContest implements Contest {

  /** The smallest input; a JVM is warm long before its end. */
  private static final long BYTES = 1L << 30;

  private static final int MORE = 4;
  private static final int MOST = 16;

  private static final String COST = "growth-bulk";
  private static final String MEMORY = "growth-bulk-memory";

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String work() {
    return "processor time for an event that is loaded in bulk: 16 GB of files beside 4 and 1";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    Rival few = rival(ground, 1);
    Rival more = rival(ground, MORE);
    Rival most = rival(ground, MOST);
    Rounds rounds = Rounds.run(ground, name(), List.of(most, more, few));
    List<Rival> smaller = List.of(more, few);
    return List.of(
        Figure.of(COST, work(), "µs", rounds, most, Optional.empty(), smaller)
            .atMost(1.25, more)
            .atMost(1.25, few),
        Figure.of(MEMORY, "the memory for that", "MB", rounds, most, Optional.empty(), smaller)
            .atMost(1.25, more)
            .atMost(1.25, few));
  }

  private static Rival rival(Ground ground, int times) throws IOException {
    long bytes = ground.scaled(BYTES * times);
    Path files = ClickFiles.make(ground.folder().resolve("files-" + bytes), bytes);
    return new Rival(
        times + "x",
        folder ->
            ground.java(
                Jvm.options("-Xmx1g", Jvm.QUIET),
                BulkContest.LOAD,
                "io.millrace.stream.MeasuredLoad",
                folder,
                ground.project(),
                "clicks",
                files));
  }
}
