package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.StreamWork;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace deploy}: gives the stream job to a Flink cluster. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = {
      "Give the stream job of a running project to a Flink cluster, or end it there.",
      "For projects with 'flink: cluster' and 'kafka' in their settings. The job goes on from its newest checkpoint, wherever it ran before: nothing is lost and nothing is twice."
    },
    footer = {
      "",
      "Examples:",
      "  millrace deploy stream --to http://jobmanager:8081",
      "  millrace deploy stream --stop --project my-shop"
    })
final class DeployCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "stream", description = "What is deployed: the stream.")
  private Part part;

  @ArgGroup(multiplicity = "1")
  private What what;

  @Mixin private Where where;

  /** What can be deployed. */
  enum Part {
    STREAM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One of both. */
  static final class What {
    @Option(
        names = "--to",
        paramLabel = "URL",
        description = "The REST API of the cluster's JobManager, as http://host:port.")
    private Optional<String> url = Optional.empty();

    @Option(
        names = "--stop",
        description = "End the job on the cluster that it was deployed to. Its checkpoint stays.")
    private boolean stop;
  }

  DeployCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Project project = ProjectReader.load(where.project(installation));
    List<String> arguments = what.url.map(it -> List.of("start", it)).orElse(List.of("stop"));
    try (StreamWork work =
        StreamWork.start(
            StreamWork.Kind.DEPLOY,
            project,
            where.data(installation),
            part.toString(),
            arguments)) {
      work.follow(it -> terminal.out().println(sentence(it)));
    }
    return Exit.OK.code();
  }

  private String sentence(JsonNode answer) {
    String url = answer.get("url").asText();
    String job = answer.get("job").asText();
    if (!what.stop) {
      return "The stream runs on %s, as job %s, and went on from %s"
          .formatted(url, job, answer.get("from").asText());
    }
    if (url.isEmpty()) {
      return "The stream was not deployed";
    }
    return job.isEmpty()
        ? "The stream did not run on %s any more".formatted(url)
        : "The stream has ended on %s".formatted(url);
  }
}
