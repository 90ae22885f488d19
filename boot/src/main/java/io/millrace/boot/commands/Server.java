package io.millrace.boot.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The server of a running project, as the commands on its machine speak with it. */
final class Server {

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
          .build();

  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final Duration TO_COME_BACK = Duration.ofMinutes(1);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(300);

  private final DataDirectory data;
  private final URI uri;
  private final Optional<String> key;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .build();

  private Server(DataDirectory data, URI uri, Optional<String> key) {
    this.data = data;
    this.uri = uri;
    this.key = key;
  }

  /** The server of the project that runs on this data directory. */
  static Server of(DataDirectory data) {
    return of(data, Optional.empty());
  }

  /**
   * The same, asked by who has a key.
   *
   * @param key without it, the server answers as it does to the default role
   */
  static Server of(DataDirectory data, Optional<String> key) {
    return Endpoints.find(data.endpoints())
        .map(it -> new Server(data, URI.create(it.serverUrl()), key))
        .orElseThrow(
            () ->
                MillraceException.world(
                    "Cannot find a running project on '%s': start one with millrace up, or name its directory with --project or --data"
                        .formatted(data.root())));
  }

  URI uri() {
    return uri;
  }

  /** The key that commands on this machine write events with. */
  String localKey() {
    try {
      return Files.readString(data.localKey()).strip();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + data.localKey() + ": " + e.getMessage(), e);
    }
  }

  /** Asks again for a while, as processes that died come back within seconds. */
  static <T> T patiently(Supplier<T> question) throws InterruptedException {
    long giveUp = System.nanoTime() + TO_COME_BACK.toNanos();
    while (true) {
      try {
        return question.get();
      } catch (MillraceException e) {
        if (e.code() != MillraceException.Code.WORLD || System.nanoTime() > giveUp) {
          throw e;
        }
      }
      Thread.sleep(BETWEEN_QUESTIONS.toMillis());
    }
  }

  /** A value as part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The answer to a GET. */
  JsonNode get(String path) {
    HttpRequest request = request(path).build();
    HttpResponse<InputStream> response = send(request);
    try (InputStream body = response.body()) {
      return answer(JSON.readTree(body));
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Copies the answer to a GET, whatever it is. */
  void copy(String path, OutputStream out) {
    HttpResponse<InputStream> response = send(request(path).build());
    try (InputStream body = response.body()) {
      if (response.statusCode() >= HttpURLConnection.HTTP_BAD_REQUEST) {
        var unused = answer(JSON.readTree(body));
      }
      body.transferTo(out);
      out.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Posts a JSON value; the answer is a JSON value a line. */
  Lines post(String path, JsonNode body) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    return new Lines(send(request).body());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path));
    key.ifPresent(it -> request.header("Authorization", "Bearer " + it));
    return request;
  }

  /** Posts a JSON value that one JSON value answers. */
  JsonNode ask(String path, JsonNode body) {
    try (Lines answer = post(path, body)) {
      return answer.next();
    }
  }

  /** The lines of an answer, read as they come; a line that says an error is thrown. */
  final class Lines implements AutoCloseable {

    private final InputStream body;
    private MappingIterator<JsonNode> values;

    private Lines(InputStream body) {
      this.body = body;
    }

    boolean hasNext() {
      try {
        if (values == null) {
          values = JSON.readerFor(JsonNode.class).readValues(body);
        }
        return values.hasNextValue();
      } catch (IOException e) {
        throw lost(e);
      }
    }

    JsonNode next() {
      try {
        return hasNext() ? answer(values.nextValue()) : JSON.nullNode();
      } catch (IOException e) {
        throw lost(e);
      }
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        throw lost(e);
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw lost(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot wait for the server: interrupted", e);
    }
  }

  private MillraceException lost(IOException e) {
    if (e instanceof JsonProcessingException broken) {
      return MillraceException.us(
          "Cannot read the answer of %s: %s".formatted(uri, broken.getOriginalMessage()), e);
    }
    return MillraceException.world(
        "Cannot reach the server at %s: it is starting, or nothing runs there any more; its log is %s"
            .formatted(uri, data.log("server")),
        e);
  }

  /** The answer itself, unless it is an error of the API. */
  private static JsonNode answer(JsonNode answer) {
    if (!answer.has("error")) {
      return answer;
    }
    String sentence = answer.get("error").asText();
    throw switch (answer.path("code").asText()) {
      case "caller" -> MillraceException.caller(sentence);
      case "us" -> MillraceException.us(sentence, null);
      case "unknown" -> MillraceException.unknown(sentence, null);
      default -> MillraceException.world(sentence);
    };
  }
}
