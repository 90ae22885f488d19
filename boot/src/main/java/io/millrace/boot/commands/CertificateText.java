package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.prove.BalanceProof;
import io.millrace.prove.Certificate;
import io.millrace.prove.Certificate.Recoveries;
import io.millrace.prove.FaultOutcome;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamCertificate;
import io.millrace.prove.StreamProof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The certificate of a run of faults, for people and for machines. */
record CertificateText(Certificate certificate) {

  void print(Terminal terminal) {
    printBalance(terminal);
    terminal.out().println();
    faults().lines().forEach(terminal.out()::println);
    terminal
        .out()
        .printf(
            "%nLoad: %,.0f acknowledged events a second over %s, faults included.%n",
            certificate.eventsPerSecond(), time(certificate.lasted()));
    String verdict =
        "%d faults, %,d events acknowledged, %,d lost, %,d twice."
            .formatted(
                certificate.tried(),
                certificate.acknowledged(),
                certificate.lost(),
                certificate.twice());
    terminal
        .out()
        .println(
            certificate.holds()
                ? terminal.good(verdict)
                : terminal.bad("DOES NOT HOLD: " + verdict));
    terminal.out().println("Repeat it: " + certificate.command());
  }

  /** What became of every event, and what the project's own proof says. */
  void printBalance(Terminal terminal) {
    terminal.out().println();
    streams().lines().forEach(terminal.out()::println);
    for (StreamCertificate stream : certificate.streams()) {
      stream
          .breaches()
          .forEach(it -> terminal.out().println(terminal.bad(stream.stream() + ": " + it)));
    }
    terminal.out().println();
    certificate.proof().ifPresent(it -> breaches(it).forEach(terminal.out()::println));
    terminal.out().println("prove --full: " + outcome());
  }

  private String outcome() {
    return certificate
        .proof()
        .map(it -> it.holds() ? "the balance holds." : "the balance does not hold.")
        .orElse("could not be asked.");
  }

  private static List<String> breaches(Proof proof) {
    List<String> sentences = new ArrayList<>();
    for (StreamProof stream : proof.streams()) {
      stream.breaches().forEach(it -> sentences.add(stream.stream() + ": " + it.sentence()));
    }
    proof.balances().stream()
        .filter(BalanceProof::isBroken)
        .forEach(it -> sentences.add(it.balance() + ": " + it.sentence().orElse("is broken")));
    return sentences;
  }

  private TextTable streams() {
    TextTable table =
        TextTable.of(
            "stream",
            "#acknowledged",
            "#bronze",
            "#late",
            "#rejected",
            "#repeated",
            "#unconfirmed",
            "#refused",
            "#lost",
            "#twice",
            "#wrong",
            "ids sent",
            "ids found");
    for (StreamCertificate it : certificate.streams()) {
      table.row(
          it.stream(),
          it.acknowledged(),
          it.bronze(),
          it.late(),
          it.rejected(),
          it.repeated(),
          it.unconfirmed(),
          it.refused(),
          it.lost(),
          it.twice(),
          it.wrong(),
          it.sentFingerprint(),
          it.foundFingerprint());
    }
    return table;
  }

  private TextTable faults() {
    TextTable table = TextTable.of("fault", "#tried", "#not tried", "#median", "#worst", "");
    for (Recoveries it : certificate.recoveries()) {
      table.row(
          it.kind().sentence(),
          it.tried(),
          it.notTried(),
          it.tried() == 0 ? "" : time(it.median()),
          it.tried() == 0 ? "" : time(it.worst()),
          it.reason());
    }
    return table;
  }

  private static String time(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }

  /** All of it; times in milliseconds. */
  static JsonNode json(Certificate certificate) {
    ObjectNode json = Server.JSON.createObjectNode();
    json.put("project", certificate.project());
    json.put("seed", certificate.seed());
    json.put("command", certificate.command());
    json.put("started", certificate.started().toString());
    json.put("lasted_ms", certificate.lasted().toMillis());
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("holds", certificate.holds());
    json.put("faults_tried", certificate.tried());
    json.put("acknowledged", certificate.acknowledged());
    json.put("lost", certificate.lost());
    json.put("twice", certificate.twice());
    json.put("events_per_second", Math.round(certificate.eventsPerSecond()));
    json.put("proof_holds", certificate.proof().filter(Proof::holds).isPresent());
    ArrayNode streams = json.putArray("streams");
    certificate.streams().forEach(it -> streams.add(stream(it)));
    ArrayNode kinds = json.putArray("kinds");
    for (Recoveries it : certificate.recoveries()) {
      kinds
          .addObject()
          .put("kind", it.kind().toString())
          .put("sentence", it.kind().sentence())
          .put("tried", it.tried())
          .put("not_tried", it.notTried())
          .put("median_ms", it.median().toMillis())
          .put("worst_ms", it.worst().toMillis())
          .put("reason", it.reason());
    }
    ArrayNode faults = json.putArray("faults");
    for (FaultOutcome it : certificate.faults()) {
      faults
          .addObject()
          .put("number", it.fault().number())
          .put("fault", it.fault().toString())
          .put("state", it.state().name().toLowerCase(Locale.ROOT))
          .put("recovery_ms", it.recovery().toMillis())
          .put("note", it.note());
    }
    return json;
  }

  private static ObjectNode stream(StreamCertificate it) {
    ObjectNode json =
        Server.JSON
            .createObjectNode()
            .put("stream", it.stream())
            .put("acknowledged", it.acknowledged())
            .put("bronze", it.bronze())
            .put("late", it.late())
            .put("rejected", it.rejected())
            .put("repeated", it.repeated())
            .put("unconfirmed", it.unconfirmed())
            .put("refused", it.refused())
            .put("lost", it.lost())
            .put("twice", it.twice())
            .put("wrong", it.wrong())
            .put("sent_fingerprint", it.sentFingerprint())
            .put("found_fingerprint", it.foundFingerprint());
    ArrayNode breaches = json.putArray("breaches");
    it.breaches().forEach(breaches::add);
    return json;
  }
}
