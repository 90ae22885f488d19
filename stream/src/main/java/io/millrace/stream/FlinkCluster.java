package io.millrace.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.client.JobInitializationException;
import org.apache.flink.util.ExceptionUtils;

/** A Flink cluster that others run, as its REST API shows it. */
final class FlinkCluster {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern ADDRESS = Pattern.compile("http://[A-Za-z0-9_.-]+:[0-9]{1,5}/?");

  private final URI url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * @param url {@code http://host:port} of its JobManager's REST API
   */
  FlinkCluster(String url) {
    if (!ADDRESS.matcher(url).matches()) {
      throw MillraceException.caller(
          "Cannot use '%s' as a Flink cluster: write the address of its REST API as http://host:port"
              .formatted(url));
    }
    this.url = URI.create(url.replaceFirst("/$", ""));
  }

  URI url() {
    return url;
  }

  /**
   * Refuses a cluster that could not run the job.
   *
   * @param version of Flink that the job is made for; jobs are handed over in Java's serialized
   *     form, which others do not read
   */
  void requireFit(String version, int slots) {
    JsonNode overview = get("/overview");
    String found = overview.path("flink-version").asText();
    if (!found.equals(version)) {
      throw MillraceException.caller(
          "Cannot deploy to %s: the cluster is of Flink %s, and the job is made for %s; take a cluster of that version"
              .formatted(url, found, version));
    }
    int free = overview.path("slots-available").asInt();
    if (free < slots) {
      throw MillraceException.world(
          "Cannot deploy to %s: of %d slots on %d TaskManagers %d are free, and the job takes %d; start another TaskManager, or make stream_parallelism smaller"
              .formatted(
                  url,
                  overview.path("slots-total").asInt(),
                  overview.path("taskmanagers").asInt(),
                  free,
                  slots));
    }
  }

  /** A job of the cluster. */
  record Job(String id, String name) {}

  /** The jobs that have not ended. */
  List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (!JobStatus.valueOf(job.get("state").asText()).isGloballyTerminalState()) {
        jobs.add(new Job(job.get("jid").asText(), job.get("name").asText()));
      }
    }
    return jobs;
  }

  /** Whether the tasks of a job have begun to work. */
  boolean works(String job) {
    JsonNode vertices = get("/jobs/" + job).path("vertices");
    for (JsonNode vertex : vertices) {
      if (!vertex.get("status").asText().equals("RUNNING")) {
        return false;
      }
    }
    return !vertices.isEmpty();
  }

  /** Where a job stands. */
  JobStatus status(String job) {
    return JobStatus.valueOf(get("/jobs/" + job + "/status").get("status").asText());
  }

  /** Why tasks of a job failed the last time, in a line; empty if none has. */
  String failure(String job) {
    String trace =
        get("/jobs/" + job + "/exceptions").at("/exceptionHistory/entries/0/stacktrace").asText();
    List<String> causes = trace.lines().filter(it -> it.startsWith("Caused by: ")).toList();
    return causes.isEmpty()
        ? trace.lines().findFirst().orElse("")
        : causes.get(causes.size() - 1).substring("Caused by: ".length());
  }

  /** Why a cluster could not begin with a job that was submitted, if that is what went wrong. */
  static Optional<String> refusal(Exception submission) {
    return ExceptionUtils.findThrowable(submission, JobInitializationException.class)
        .map(
            it -> {
              Throwable cause = it;
              while (cause.getCause() != null) {
                cause = cause.getCause();
              }
              return "it cannot begin with the job: " + cause.getMessage();
            });
  }

  /** Asks a job to end; it keeps its newest checkpoint. */
  void cancel(String job) {
    send(
        HttpRequest.newBuilder(url.resolve("/jobs/" + job + "?mode=cancel"))
            .method("PATCH", BodyPublishers.noBody()));
  }

  private JsonNode get(String path) {
    return send(HttpRequest.newBuilder(url.resolve(path)));
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
      JsonNode json = JSON.readTree(answer.body());
      if (answer.statusCode() / 100 != 2) {
        throw MillraceException.world(
            "Cannot deal with the Flink cluster at %s: it answers %d %s"
                .formatted(url, answer.statusCode(), json.at("/errors/0").asText()));
      }
      return json;
    } catch (JsonProcessingException e) {
      throw MillraceException.caller(
          "Cannot use %s as a Flink cluster: what answers there is not the REST API of a JobManager"
              .formatted(url),
          e);
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot reach the Flink cluster at %s: %s; see whether its JobManager runs, and whether this is the address of its REST API"
              .formatted(url, e.getMessage() == null ? "nothing listens there" : e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot reach the Flink cluster: interrupted", e);
    }
  }
}
