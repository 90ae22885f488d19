package io.millrace.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.collect.file.Batch;
import io.millrace.collect.file.EventFile;
import io.millrace.core.MillraceException;
import io.millrace.event.Reason;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Sends files of events to the collector as history: received when they happened. One request is
 * under way at a time, while the next is read from the file, because two could overtake each other
 * and break the order of a key. A request that the server did not confirm is sent again; what had
 * arrived all the same is dropped by its event id.
 */
public final class Loader {

  /**
   * How far a file has been loaded.
   *
   * @param bytesRead of the file as it is on disk
   */
  public record Progress(long bytesRead, long events, long accepted, long rejected) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);

  /** What a request may have around its events. */
  private static final int FRAME_BYTES = 16;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;
  private final String key;
  private final Settings settings;
  private final Duration patience;

  private Loader(URI server, String key, Settings settings, Duration patience) {
    this.server = server;
    this.key = key;
    this.settings = settings;
    this.patience = patience;
  }

  /** A loader that waits up to two minutes for a server that is busy or restarting. */
  public static Loader to(URI server, String key, Settings settings) {
    return new Loader(server, key, settings, Duration.ofMinutes(2));
  }

  /** The same, giving up after another time without an answer. */
  public Loader patient(Duration other) {
    return new Loader(server, key, settings, other);
  }

  /**
   * Loads one file.
   *
   * @param progress told after each request
   */
  public LoadReport load(StreamContract stream, Path file, Consumer<Progress> progress) {
    try (EventFile events = EventFile.open(file, stream)) {
      return new Run(stream, file, events, progress).toTheEnd();
    }
  }

  /** The loading of one file. */
  private final class Run {
    private final StreamContract stream;
    private final Path file;
    private final EventFile events;
    private final Consumer<Progress> progress;
    private final URI target;
    private LoadReport report = LoadReport.NOTHING;

    Run(StreamContract stream, Path file, EventFile events, Consumer<Progress> progress) {
      this.stream = stream;
      this.file = file;
      this.events = events;
      this.progress = progress;
      this.target = server.resolve("/v1/streams/" + stream.name() + "/events?verdicts=rejected");
    }

    LoadReport toTheEnd() {
      Batch reading = newBatch();
      Batch spare = newBatch();
      read(reading, Optional.empty());
      while (!reading.isEmpty()) {
        Sent sent = new Sent(reading, send(reading));
        reading = spare;
        spare = sent.batch();
        read(reading, Optional.of(sent));
        settle(sent);
      }
      return report;
    }

    private Batch newBatch() {
      return events.newBatch(maxEventBytes(), settings.maxBodyBytes());
    }

    private int maxEventBytes() {
      return Math.min(settings.maxBodyBytes() - FRAME_BYTES, Topics.maxKeptBytes(settings));
    }

    /** Reads on; if the file is broken there, the request that is under way still counts. */
    private void read(Batch batch, Optional<Sent> underWay) {
      try {
        events.next(batch);
      } catch (MillraceException e) {
        underWay.ifPresent(this::settle);
        throw MillraceException.caller(
            "%s; the %d events before were loaded; %s"
                .formatted(e.getMessage(), report.events(), repeats()),
            e);
      }
    }

    private CompletableFuture<HttpResponse<byte[]>> send(Batch batch) {
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .timeout(REQUEST_LIMIT)
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", batch.framing().contentType())
              .header("X-Millrace-Received", "event-time")
              .POST(BodyPublishers.ofByteArray(batch.bytes(), 0, batch.length()))
              .build();
      return http.sendAsync(request, BodyHandlers.ofByteArray());
    }

    private void settle(Sent sent) {
      Batch batch = sent.batch();
      JsonNode answer = confirmed(batch, sent.response());
      SortedMap<String, Long> reasons = new TreeMap<>();
      List<Reject> rejects = new ArrayList<>();
      for (Batch.TooLarge event : batch.tooLarge()) {
        reasons.merge(Reason.TOO_LARGE.toString(), 1L, Long::sum);
        rejects.add(
            new Reject(
                file,
                event.line(),
                Reason.TOO_LARGE.toString(),
                "",
                "No topic takes an event of more than %d bytes; it was not sent"
                    .formatted(maxEventBytes())));
      }
      for (JsonNode verdict : answer.get("verdicts")) {
        Reject reject = reject(batch, verdict);
        reasons.merge(reject.reason(), 1L, Long::sum);
        rejects.add(reject);
      }
      long accepted = answer.get("accepted").longValue();
      long count = (long) batch.count() + batch.tooLarge().size();
      report = report.plus(new LoadReport(count, accepted, reasons, rejects));
      progress.accept(
          new Progress(events.bytesRead(), report.events(), report.accepted(), report.rejected()));
    }

    private Reject reject(Batch batch, JsonNode verdict) {
      int index = verdict.get("index").intValue();
      JsonNode rejected = verdict.get("rejected");
      return new Reject(
          file,
          batch.line(index),
          rejected.get("reason").textValue(),
          rejected.get("field").textValue(),
          batch.remark(index).orElse(rejected.get("detail").textValue()));
    }

    /** The answer 200 to this batch, sent again as often as it makes sense. */
    private JsonNode confirmed(Batch batch, CompletableFuture<HttpResponse<byte[]>> first) {
      long giveUp = System.nanoTime() + patience.toNanos();
      Duration wait = FIRST_WAIT;
      CompletableFuture<HttpResponse<byte[]>> response = first;
      while (true) {
        String problem;
        Duration pause = wait;
        try {
          HttpResponse<byte[]> answer = response.join();
          if (answer.statusCode() == 200) {
            return JSON.readTree(answer.body());
          }
          problem = refusal(answer);
          pause = retryAfter(answer).orElse(wait);
        } catch (CompletionException | IOException e) {
          Throwable cause = e instanceof CompletionException ? e.getCause() : e;
          problem = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
        }
        if (System.nanoTime() + pause.toNanos() > giveUp) {
          throw gaveUp(problem);
        }
        sleep(pause);
        wait =
            wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        response = send(batch);
      }
    }

    /** Why the request may be sent again; one that may not be is thrown. */
    private String refusal(HttpResponse<byte[]> answer) throws IOException {
      JsonNode error = JSON.readTree(answer.body()).path("error");
      String sentence = error.asText("status " + answer.statusCode());
      if (answer.statusCode() == 429 || answer.statusCode() == 503) {
        return sentence;
      }
      throw MillraceException.caller(
          "Cannot load %s: the server refused it: %s".formatted(file, sentence));
    }

    private MillraceException gaveUp(String problem) {
      return MillraceException.unknown(
          "Cannot load %s: no answer from %s for %d s (%s); %d events were confirmed; %s"
              .formatted(file, server, patience.toSeconds(), problem, report.events(), repeats()),
          null);
    }

    private String repeats() {
      return "if they are loaded again within %d min, repeats are dropped"
          .formatted(stream.repeatWindow().toMinutes());
    }
  }

  /** A batch on its way to the server. */
  private record Sent(Batch batch, CompletableFuture<HttpResponse<byte[]>> response) {}

  private static Optional<Duration> retryAfter(HttpResponse<byte[]> answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("[0-9]{1,4}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot go on loading: interrupted", e);
    }
  }
}
