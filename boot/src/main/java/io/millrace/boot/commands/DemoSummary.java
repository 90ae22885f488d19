package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.collect.LoadReport;
import io.millrace.core.MillraceException;
import io.millrace.engine.ResultFormat;
import io.millrace.shop.ShopStream;
import io.millrace.shop.Truth;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came of a demo that ends by itself, and whether it is what was sent. */
final class DemoSummary {

  private static final Duration TO_SETTLE = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private static final String HISTORY = "invoice_lines";

  /** Lines of the file that differ from every other: see the README beside it. */
  private static final long DIFFERENT_LINES = 536_641;

  private static final String NEWEST_ORDER = "newest-order";
  private static final List<String> QUESTIONS =
      List.of("best-months", "best-countries", "best-products");

  private final Server server;
  private final LoadReport history;
  private final Traffic traffic;
  private final Truth truth;
  private final JsonNode proof;
  private final double seconds;

  private DemoSummary(
      Server server,
      LoadReport history,
      Traffic traffic,
      Truth truth,
      JsonNode proof,
      double seconds) {
    this.server = server;
    this.history = history;
    this.traffic = traffic;
    this.truth = truth;
    this.proof = proof;
    this.seconds = seconds;
  }

  /**
   * Waits until every event that was acknowledged is in a table, and builds the models of that.
   *
   * @param started when the first event was sent, by {@link System#nanoTime}
   */
  static DemoSummary whenSettled(
      Server server, LoadReport history, Traffic traffic, Truth truth, long started)
      throws InterruptedException {
    long giveUp = System.nanoTime() + TO_SETTLE.toNanos();
    JsonNode proof = Server.patiently(() -> server.get("/api/proof"));
    while (Balance.inFlight(proof) > 0 && System.nanoTime() < giveUp) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      proof = Server.patiently(() -> server.get("/api/proof"));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    buildModels(server);
    proof = Server.patiently(() -> server.get("/api/proof"));
    return new DemoSummary(server, history, traffic, truth, proof, seconds);
  }

  /** Builds what is due, and waits until it is done. */
  static void buildModels(Server server) throws InterruptedException {
    JsonNode started =
        Server.patiently(() -> server.ask("/api/runs", JsonNodeFactory.instance.objectNode()));
    String run = "/api/runs/" + started.get("run").asLong();
    while (Server.patiently(() -> server.get(run)).get("ended_at").isNull()) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  boolean holds() {
    return Balance.holds(proof) && Balance.inFlight(proof) == 0 && differences().isEmpty();
  }

  void print(Terminal terminal) throws InterruptedException {
    title(terminal, "What arrived, and what became of it");
    Balance.print(proof, terminal);
    title(terminal, "Rejected, by reason");
    ask(terminal, "rejected-by-reason");
    title(terminal, "Rows");
    StatusCommand.tables(Server.patiently(() -> server.get("/api/status")).get("tables"))
        .lines()
        .forEach(terminal.out()::println);
    for (String question : QUESTIONS) {
      title(terminal, questionIn(sql(question)));
      ask(terminal, question);
    }
    title(terminal, questionIn(sql(NEWEST_ORDER)));
    printLive(terminal);
    title(terminal, "Against what was sent");
    List<String> differences = differences();
    differences.forEach(it -> terminal.out().println(terminal.bad(it)));
    if (differences.isEmpty()) {
      terminal.out().println(terminal.good("Every count is that of the file and of the shop."));
    }
    long events = history.events() + traffic.sent();
    terminal
        .out()
        .printf(
            "%n%,d events sent, checked and committed in %.1f s: %,.0f a second%n",
            events, seconds, events / seconds);
  }

  /** Where the tables do not say what was sent, a sentence each. */
  private List<String> differences() {
    List<String> differences = new ArrayList<>();
    SortedMap<String, JsonNode> found = new TreeMap<>();
    proof.get("streams").forEach(it -> found.put(it.get("stream").asText(), it));
    for (ShopStream stream : ShopStream.values()) {
      Truth.Counts sent = truth.of(stream);
      JsonNode kept = found.get(stream.toString());
      expect(differences, stream + " in bronze", sent.fresh(), kept.get("bronze").asLong());
      expect(differences, stream + " late", sent.late(), kept.get("late").asLong());
      // What was sent a second time because no answer came is not in the shop's own count.
      if (traffic.resentRequests() == 0) {
        expect(differences, stream + " repeated", sent.repeated(), kept.get("repeated").asLong());
        expect(differences, stream + " rejected", sent.malformed(), kept.get("rejected").asLong());
      }
    }
    for (JsonNode balance : proof.get("balances")) {
      String name = balance.get("balance").asText();
      if (balance.get("in").isNull()) {
        differences.add("%s: its models are not built".formatted(name));
      } else if (name.equals(HISTORY)) {
        long built = balance.at("/in/amount").asLong();
        expect(differences, name + " in the warehouse", DIFFERENT_LINES, built);
      }
    }
    JsonNode lines = found.get(HISTORY);
    expect(differences, "invoice_lines in bronze", DIFFERENT_LINES, lines.get("bronze").asLong());
    expect(
        differences, "invoice_lines rejected", history.rejected(), lines.get("rejected").asLong());
    return differences;
  }

  private static void expect(List<String> differences, String what, long sent, long found) {
    if (sent != found) {
      differences.add("%s: %,d were sent and %,d are there".formatted(what, sent, found));
    }
  }

  private static void title(Terminal terminal, String text) {
    terminal.out().println();
    terminal.out().println(terminal.bold(text));
  }

  /** The order is sought in the lake, and what live values say of it is shown. */
  private void printLive(Terminal terminal) throws InterruptedException {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("sql", sql(NEWEST_ORDER));
    try (RemoteRows rows =
        Server.patiently(() -> new RemoteRows(server.post("/api/query", body)))) {
      if (rows.next()) {
        String path = "/v1/live/orders/" + rows.value(0);
        terminal.out().println(Server.patiently(() -> server.get(path)).get("row"));
      }
    }
  }

  private void ask(Terminal terminal, String question) throws InterruptedException {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("sql", sql(question));
    Writer out = new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8);
    try (RemoteRows rows =
        Server.patiently(() -> new RemoteRows(server.post("/api/query", body)))) {
      ResultFormat.TABLE.write(rows, out);
    } catch (IOException e) {
      throw MillraceException.world("Cannot print: " + e.getMessage(), e);
    }
  }

  /** The comment at the top of the file. */
  private static String questionIn(String sql) {
    return sql.substring(0, sql.indexOf('\n')).replace("--", "").strip();
  }

  private static String sql(String question) {
    String file = "demo/" + question + ".sql";
    try (InputStream text = DemoSummary.class.getResourceAsStream(file)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw MillraceException.us("Cannot read " + file, e);
    }
  }
}
