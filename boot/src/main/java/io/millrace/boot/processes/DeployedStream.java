package io.millrace.boot.processes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks what a Flink cluster says of the stream job that was deployed to it, and shows it. */
final class DeployedStream implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DataDirectory data;
  private final Clock clock;
  private final Consumer<ProcessState> board;
  private final Consumer<String> say;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final ScheduledExecutorService timer = Daemons.timer("deployed-stream");
  private Look shown = new Look(State.STARTING, "");
  private int restarts;

  /**
   * @param board told of each change of its state
   * @param say told in a sentence what a person should know
   */
  DeployedStream(
      DataDirectory data, Clock clock, Consumer<ProcessState> board, Consumer<String> say) {
    this.data = data;
    this.clock = clock;
    this.board = board;
    this.say = say;
  }

  /** What is to be seen, and a sentence about it. */
  private record Look(State state, String sentence) {}

  void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      show(seen());
    } catch (MillraceException e) {
      show(new Look(State.DOWN, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void show(Look look) {
    if (look.equals(shown)) {
      return;
    }
    if (shown.state() == State.RUNNING) {
      restarts++;
    }
    shown = look;
    board.accept(new ProcessState("stream", look.state(), 0, restarts, clock.instant()));
    say.accept(look.sentence());
  }

  private Look seen() throws InterruptedException {
    Optional<Deployment> deployment = Deployment.find(data.deployment());
    if (deployment.isEmpty()) {
      return new Look(
          State.DOWN, "The stream is on no Flink cluster: run millrace deploy stream --to URL");
    }
    String where = "job %s on %s".formatted(deployment.get().job(), deployment.get().url());
    try {
      String status = status(deployment.get());
      String sentence = "The stream, %s, is %s".formatted(where, status.toLowerCase(Locale.ROOT));
      return switch (status) {
        case "RUNNING" -> new Look(State.RUNNING, sentence);
        case "FAILED", "CANCELED", "FINISHED" ->
            new Look(State.DOWN, sentence + ": run millrace deploy stream again");
        case "" ->
            new Look(
                State.DOWN,
                "The stream, %s, is not known there: if it stays so, run millrace deploy stream again"
                    .formatted(where));
        default -> new Look(State.STARTING, sentence);
      };
    } catch (IOException e) {
      return new Look(
          State.DOWN, "The cluster of the stream, %s, does not answer".formatted(where));
    }
  }

  private String status(Deployment it) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(it.url() + "/jobs/" + it.job() + "/status"))
            .timeout(PATIENCE)
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    return JSON.readTree(answer.body()).path("status").asText();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
