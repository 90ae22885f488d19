package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.lake.Lake;
import io.millrace.project.Flink;
import io.millrace.project.Project;
import io.millrace.stream.FlinkCluster.Job;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.RemoteStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that gives the project's job to a Flink cluster, or ends it there, and ends itself.
 * Arguments: the project directory, the data directory, {@code stream}, and {@code start} with the
 * address of the cluster's REST API, or {@code stop}.
 *
 * <p>The job is the one that runs on a laptop, and goes on from the same checkpoints. Our classes
 * and libraries go with it; of Flink the cluster has its own.
 */
public final class DeployMain {

  private static final Logger LOG = LoggerFactory.getLogger(DeployMain.class);
  private static final Duration TO_WORK = Duration.ofMinutes(2);
  private static final Duration TO_END = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /** What a cluster brings: Flink without its connectors, and what logs. */
  private static final Pattern OF_THE_CLUSTER =
      Pattern.compile("(flink-(?!connector-).*|slf4j-.*)\\.jar");

  private final Project project;
  private final DataDirectory data;
  private final FlinkCluster cluster;
  private final String url;
  private final Checkpoints checkpoints;

  private DeployMain(Project project, DataDirectory data, String url) {
    this.project = project;
    this.data = data;
    this.checkpoints = Checkpoints.deployed(project.settings(), data);
    this.cluster = new FlinkCluster(url);
    this.url = cluster.url().toString();
  }

  /**
   * What came of it.
   *
   * @param url of the cluster; empty if the stream was not deployed
   * @param job its id; empty if none was there to be ended
   * @param from where it goes on
   */
  private record Answer(boolean complete, String url, String job, String from) {}

  public static void main(String[] args) throws InterruptedException {
    JsonLines.process(
        args,
        (project, data, lines) -> {
          Optional<String> url =
              args[3].equals("stop")
                  ? Deployment.find(data.deployment()).map(Deployment::url)
                  : Optional.of(args[4]);
          if (url.isEmpty()) {
            lines.say(new Answer(true, "", "", ""));
            return;
          }
          DeployMain deploy = new DeployMain(project, data, url.get());
          lines.say(args[3].equals("stop") ? deploy.stop() : deploy.start());
        });
  }

  private Answer start() throws InterruptedException {
    String kafka = requireNoOther();
    requireNoneOfTheName();
    cluster.requireFit(EnvironmentInformation.getVersion(), project.settings().streamParallelism());
    try (Lake lake = Lake.open(data)) {
      Surroundings.await(project, lake, kafka);
    }
    Optional<RestorePoint> restore = checkpoints.newest();
    JobClient job = submit(restore, kafka);
    Optional<Throwable> putBack = awaitWork(job);
    if (putBack.isPresent()) {
      LOG.warn(putBack.get().getMessage());
      checkpoints.forget();
      restore = Optional.empty();
      job = submit(restore, kafka);
      awaitWork(job);
    }
    return new Answer(
        true,
        url,
        job.getJobID().toHexString(),
        restore.map(it -> "checkpoint " + it.checkpoint()).orElse("the end of the ledger"));
  }

  /** Two jobs of one project would read the same events. */
  private String requireNoOther() {
    Optional<Endpoints> endpoints = Endpoints.find(data.endpoints());
    if (endpoints.isEmpty()) {
      throw MillraceException.caller(
          "Cannot deploy the stream: nothing runs on '%s'; start millrace up, which makes tables and topics"
              .formatted(data.root()));
    }
    if (project.settings().flink() != Flink.CLUSTER || endpoints.get().streamMetrics() != 0) {
      throw MillraceException.caller(
          "Cannot deploy the stream: millrace up runs it itself; say 'flink: cluster' under settings in millrace.yaml, and start millrace up again");
    }
    Deployment.find(data.deployment())
        .filter(it -> !it.url().equals(url))
        .ifPresent(
            it -> {
              throw MillraceException.caller(
                  "Cannot deploy the stream to %s: it was deployed to %s; end it there first, with --stop"
                      .formatted(url, it.url()));
            });
    return endpoints.get().kafka();
  }

  private void requireNoneOfTheName() {
    String name = StreamJob.name(project);
    for (Job job : cluster.jobs()) {
      if (job.name().equals(name)) {
        throw MillraceException.caller(
            "Cannot deploy the stream: a job named '%s' runs on %s already, as %s; end it first, with --stop"
                .formatted(name, url, job.id()));
      }
    }
  }

  /** Its id is written down before the cluster has it. */
  private JobClient submit(Optional<RestorePoint> restore, String kafka) {
    JobID job = new JobID();
    int slots = project.settings().streamParallelism();
    new Deployment(url, job.toHexString(), kafka, slots).write(data.deployment());
    Configuration configuration = StreamMain.ofJob(project.settings(), checkpoints, restore);
    configuration.set(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, job.toHexString());
    StreamExecutionEnvironment environment =
        new RemoteStreamEnvironment(
            cluster.url().getHost(), cluster.url().getPort(), configuration, jars());
    environment.setParallelism(slots);
    StreamJob.define(environment, project, data, checkpoints, kafka);
    try {
      return environment.executeAsync(StreamJob.name(project));
    } catch (Exception e) {
      throw FlinkCluster.refusal(e)
          .map(why -> MillraceException.world(notDeployed(why), e))
          .orElseGet(
              () ->
                  MillraceException.unknown(
                      "Cannot say whether the stream is deployed to %s: %s; look at millrace status"
                          .formatted(url, e.getMessage()),
                      e));
    }
  }

  private static String[] jars() {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(it -> !OF_THE_CLUSTER.matcher(Path.of(it).getFileName().toString()).matches())
        .toArray(String[]::new);
  }

  /**
   * Until its tasks work.
   *
   * @return that its tables are older than its checkpoint, if it has ended because of that
   */
  private Optional<Throwable> awaitWork(JobClient client) throws InterruptedException {
    String job = client.getJobID().toHexString();
    if (!within(
        TO_WORK, () -> cluster.works(job) || cluster.status(job).isGloballyTerminalState())) {
      throw MillraceException.unknown(
          "Cannot say that the stream runs: after %d s its job %s on %s is %s %s"
              .formatted(
                  TO_WORK.toSeconds(), job, url, words(cluster.status(job)), cluster.failure(job)),
          null);
    }
    JobStatus status = cluster.status(job);
    if (!status.isGloballyTerminalState()) {
      return Optional.empty();
    }
    Optional<Throwable> putBack = failure(client).flatMap(StreamMain::putBack);
    if (putBack.isEmpty()) {
      throw MillraceException.world(
          notDeployed("its job is %s: %s".formatted(words(status), cluster.failure(job))));
    }
    return putBack;
  }

  /** Why a job has ended. */
  private static Optional<Throwable> failure(JobClient job) throws InterruptedException {
    try {
      var unused = job.getJobExecutionResult().get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e);
    }
  }

  private String notDeployed(String why) {
    return "Cannot deploy the stream to %s: %s".formatted(url, why);
  }

  /** The job that was deployed from this data directory, not another one of the same name. */
  private Answer stop() throws InterruptedException {
    String job = Deployment.find(data.deployment()).orElseThrow().job();
    boolean runs = cluster.jobs().stream().anyMatch(it -> it.id().equals(job));
    if (runs) {
      cluster.cancel(job);
      if (!within(TO_END, () -> cluster.status(job).isGloballyTerminalState())) {
        throw MillraceException.unknown(
            "Cannot say that the stream has ended: after %d s its job %s on %s is %s"
                .formatted(TO_END.toSeconds(), job, url, words(cluster.status(job))),
            null);
      }
    }
    try {
      Files.delete(data.deployment());
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot remove '%s': %s".formatted(data.deployment(), e.getMessage()), e);
    }
    return new Answer(true, url, runs ? job : "", "");
  }

  private static boolean within(Duration limit, BooleanSupplier done) throws InterruptedException {
    long giveUp = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > giveUp) {
        return false;
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    return true;
  }

  private static String words(JobStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
