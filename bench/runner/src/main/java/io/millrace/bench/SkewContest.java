package io.millrace.bench;

import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Of all clicks in Kafka 30 % are one visitor's, beside the same clicks of many. */
final class SkewContest implements Contest {

  private static final String REST = "skew";
  private static final String WHOLE = "skew-whole";

  @Override
  public String name() {
    return REST;
  }

  @Override
  public String work() {
    return "the stream's clicks, 30 % of all with one key: partitions without that key, while each has more, beside the same ones of even clicks";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    long events = StreamContest.events(ground);
    try (KafkaClicks even = StreamContest.clicks(ground);
        KafkaClicks skewed =
            KafkaClicks.open(
                ProjectReader.load(ground.project()),
                ground.folder().resolve("clicks-" + events + "-skewed"),
                Filling.of(events).withHeavyVisitor())) {
      Rival ours = rival(ground, skewed, "one-key");
      Rival peer = rival(ground, even, "even");
      Rounds rounds = Rounds.run(ground, name(), List.of(ours, peer));
      String whole =
          "all of the same clicks, to the end of the longest partition, which one task reads";
      return List.of(
          Figure.of(REST, work(), "MB/s", rounds, ours, Optional.empty(), List.of(peer))
              .atLeast(0.9, peer),
          Figure.of(WHOLE, whole, "MB/s", rounds, ours, Optional.empty(), List.of(peer)));
    }
  }

  private static Rival rival(Ground ground, KafkaClicks clicks, String name) {
    return StreamContest.product(ground, clicks, name, "MeasuredSkew");
  }
}
