package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.MillraceException;
import io.millrace.shop.Rate;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Sends what a simulated shop does to the collector. A request that was not confirmed is sent again
 * until it is, as a shop's own web server would; an event that had arrived all the same is then a
 * repeat more than the shop knows of.
 */
final class Traffic {

  private static final int BATCH = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;
  private final String key;
  private final Shop shop;
  private final Consumer<ShopEvent> witness;
  private long sent;
  private long resentRequests;

  /**
   * Sends nothing yet.
   *
   * @param witness told of each event before it is sent
   */
  Traffic(Server server, Shop shop, Consumer<ShopEvent> witness) {
    this.server = server.uri();
    this.key = server.localKey();
    this.shop = shop;
    this.witness = witness;
  }

  long sent() {
    return sent;
  }

  /** Requests that were sent more than once because no answer came. */
  long resentRequests() {
    return resentRequests;
  }

  /**
   * Sends so many events as fast as they are taken, and what is left of the last order.
   *
   * @param goOn asked before each batch, with the number of events sent so far
   */
  void burst(long events, LongPredicate goOn) {
    while (sent < events && goOn.test(sent)) {
      send((int) Math.min(BATCH, events - sent));
    }
    while (shop.insideOrder()) {
      send(1);
    }
  }

  /** The same at a steady rate. */
  void flow(double eventsPerSecond, long events, LongPredicate goOn) throws InterruptedException {
    Rate rate = new Rate(eventsPerSecond, System::nanoTime);
    while (sent < events && goOn.test(sent)) {
      int due = rate.take((int) Math.min(BATCH, events - sent));
      if (due > 0) {
        send(due);
      }
      // Tenths of a second keep requests few and still look live.
      Thread.sleep(Math.max(100, Math.min(1_000, rate.untilNext().toMillis())));
    }
    while (shop.insideOrder()) {
      send(1);
    }
  }

  private void send(int events) {
    Map<ShopStream, ByteArrayOutputStream> bodies = new EnumMap<>(ShopStream.class);
    for (int i = 0; i < events; i++) {
      ShopEvent event = shop.next();
      witness.accept(event);
      ByteArrayOutputStream body =
          bodies.computeIfAbsent(event.stream(), it -> new ByteArrayOutputStream());
      body.writeBytes(event.json());
      body.write('\n');
    }
    List<Posted> posted = new ArrayList<>();
    bodies.forEach((stream, body) -> posted.add(post(request(stream, body.toByteArray()))));
    posted.forEach(this::confirm);
    sent += events;
  }

  private record Posted(HttpRequest request, CompletableFuture<HttpResponse<byte[]>> answer) {}

  private HttpRequest request(ShopStream stream, byte[] body) {
    return HttpRequest.newBuilder(
            server.resolve("/v1/streams/" + stream + "/events?verdicts=rejected"))
        .timeout(REQUEST_LIMIT)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/x-ndjson")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private Posted post(HttpRequest request) {
    return new Posted(request, http.sendAsync(request, BodyHandlers.ofByteArray()));
  }

  private void confirm(Posted first) {
    Posted posted = first;
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String problem = problem(posted);
      if (problem.isEmpty()) {
        return;
      }
      if (System.nanoTime() > giveUp) {
        throw MillraceException.unknown(
            "Cannot send the shop's events: %s did not take them for %d s: %s"
                .formatted(server, PATIENCE.toSeconds(), problem),
            null);
      }
      pause();
      resentRequests++;
      posted = post(posted.request());
    }
  }

  /** Why the request must be sent again; empty if it was taken. */
  private static String problem(Posted posted) {
    try {
      HttpResponse<byte[]> answer = posted.answer().join();
      if (answer.statusCode() == 200) {
        return "";
      }
      JsonNode error = Server.JSON.readTree(answer.body());
      String sentence = error.path("error").asText("status " + answer.statusCode());
      if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
        return sentence;
      }
      throw MillraceException.caller(sentence);
    } catch (CompletionException e) {
      return String.valueOf(e.getCause().getMessage());
    } catch (IOException e) {
      return "an answer that is not JSON";
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot go on sending: interrupted", e);
    }
  }
}
