package io.millrace.bench;

import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The clicks of {@link StreamContest}, each of which is put into the session of its visitor. */
final class SessionsContest implements Contest {

  private static final String CONTRACT = "streams/clicks.yaml";

  @Override
  public String name() {
    return "stream-sessions";
  }

  @Override
  public String work() {
    return "the same with sessions of 30 minutes kept in the job, beside the same without";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    try (KafkaClicks clicks = StreamContest.clicks(ground)) {
      Rival ours = rival(ground, clicks.readBy(withSessions(ground)), "millrace");
      Rival without = rival(ground, clicks, "without-sessions");
      Rounds rounds = Rounds.run(ground, name(), List.of(ours, without));
      return List.of(
          Figure.of(
                  name(),
                  work(),
                  "MB/s",
                  rounds,
                  it -> rounds.median(it, "stream"),
                  ours,
                  Optional.empty(),
                  List.of(without))
              .atLeast(116));
    }
  }

  /** A copy of the project whose clicks have sessions. */
  private static Project withSessions(Ground ground) throws IOException {
    Path copy = ground.folder().resolve("retail-sessions");
    if (Files.exists(copy)) {
      Scrap.delete(copy);
    }
    try (Stream<Path> paths = Files.walk(ground.project())) {
      for (Path path : paths.toList()) {
        Files.copy(path, copy.resolve(ground.project().relativize(path).toString()));
      }
    }
    Path contract = copy.resolve(CONTRACT);
    Files.writeString(contract, Files.readString(contract) + "session_gap: 30m\n");
    return ProjectReader.load(copy);
  }

  private static Rival rival(Ground ground, KafkaClicks clicks, String name) {
    return StreamContest.product(ground, clicks, name, "MeasuredStream");
  }
}
