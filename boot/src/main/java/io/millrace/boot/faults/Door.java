package io.millrace.boot.faults;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** The collector, wherever it listens just now, as a producer of one stream knocks at it. */
final class Door {

  static final String LINES = "application/x-ndjson";
  static final String ARRAY = "application/json";
  static final String GZIP = "+gzip";

  static final int TAKEN = 200;
  static final int NO_ANSWER = 0;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final DataDirectory data;
  private final String stream;

  Door(DataDirectory data, String stream) {
    this.data = data;
    this.stream = stream;
  }

  /** The status of the answer, if one comes in time. */
  int post(BodyPublisher body, String type, Duration limit) throws InterruptedException {
    Optional<HttpRequest> request = request(body, type, limit);
    if (request.isEmpty()) {
      return NO_ANSWER;
    }
    try {
      return http.send(request.get(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return NO_ANSWER;
    }
  }

  /** The same request may be answered otherwise later: a key, too, is made anew by each start. */
  void requireMayPass(int status) {
    if (status != NO_ANSWER && status != 401 && status != 429 && status < 500) {
      throw MillraceException.us(
          "Cannot go on: the collector answered %d to a request for %s".formatted(status, stream));
    }
  }

  private Optional<HttpRequest> request(BodyPublisher body, String type, Duration limit) {
    try {
      Optional<Endpoints> endpoints = Endpoints.find(data.endpoints());
      if (endpoints.isEmpty()) {
        return Optional.empty();
      }
      String key = Files.readString(data.localKey()).strip();
      boolean gzip = type.endsWith(GZIP);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create(
                      "%s/v1/streams/%s/events?verdicts=rejected"
                          .formatted(endpoints.get().serverUrl(), stream)))
              .timeout(limit)
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", gzip ? LINES : type)
              .POST(body);
      return Optional.of((gzip ? request.header("Content-Encoding", "gzip") : request).build());
    } catch (IOException | MillraceException e) {
      // Between an end and a start: the files of run/ are not there, or not yet.
      return Optional.empty();
    }
  }
}
