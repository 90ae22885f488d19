package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.prove.SoakCertificate;
import io.millrace.prove.SoakCertificate.Step;
import io.millrace.prove.SoakSeries;
import io.millrace.prove.SoakSeries.Judgement;
import io.millrace.prove.SoakSeries.Kind;
import io.millrace.prove.SoakSeries.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The certificate of a long run, for people and for machines. */
record SoakText(SoakCertificate certificate) {

  void print(Terminal terminal) {
    new CertificateText(certificate.balance()).printBalance(terminal);
    terminal.out().println();
    series().lines().forEach(terminal.out()::println);
    terminal
        .out()
        .printf(
            "%nLoad: %,.0f events a second for the length of the run; the highest sustained was %,.0f.%n",
            certificate.eventsPerSecond(), certificate.highest());
    terminal
        .out()
        .printf(
            "%d of %d proofs from the ledger held. %d processes had to be started again.%n",
            certificate.proofs() - certificate.proofsFailed(),
            certificate.proofs(),
            certificate.restarts());
    long grows = certificate.series().stream().filter(it -> !it.judge().verdict().isWell()).count();
    String verdict =
        "%,d events acknowledged, %,d lost, %,d twice, %d of %d series grow."
            .formatted(
                certificate.balance().acknowledged(),
                certificate.balance().lost(),
                certificate.balance().twice(),
                grows,
                certificate.series().size());
    terminal
        .out()
        .println(
            certificate.holds()
                ? terminal.good(verdict)
                : terminal.bad("DOES NOT HOLD: " + verdict));
    terminal.out().println("Repeat it: " + certificate.balance().command());
  }

  private TextTable series() {
    TextTable table = TextTable.of("series", "verdict", "#median", "#growth", "#allowed", "unit");
    for (SoakSeries it : certificate.series()) {
      Judgement judged = it.judge();
      table.row(
          it.name(),
          verdict(judged),
          rounded(judged.level()),
          rounded(judged.growth()),
          rounded(it.allowed(judged.level())),
          it.unit());
    }
    return table;
  }

  private static String verdict(Judgement judged) {
    return judged.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
  }

  /** All of it; times in seconds since the load began. */
  static JsonNode json(SoakCertificate certificate) {
    ObjectNode json = Server.JSON.createObjectNode();
    json.put("holds", certificate.holds());
    json.put("highest_events_per_second", Math.round(certificate.highest()));
    json.put("held_events_per_second", Math.round(certificate.eventsPerSecond()));
    json.put("proofs", certificate.proofs());
    json.put("proofs_failed", certificate.proofsFailed());
    json.put("restarts", certificate.restarts());
    json.set("balance", CertificateText.json(certificate.balance()));
    ArrayNode ramp = json.putArray("ramp");
    for (Step it : certificate.ramp()) {
      ramp.addObject()
          .put("offered", Math.round(it.offered()))
          .put("acknowledged", Math.round(it.acknowledged()))
          .put("behind_s", short4(it.behindS()))
          .put("sustained", it.sustained());
    }
    ArrayNode all = json.putArray("series");
    certificate.series().forEach(it -> all.add(series(it)));
    return json;
  }

  private static ObjectNode series(SoakSeries it) {
    Judgement judged = it.judge();
    Kind kind = it.kind();
    ObjectNode json =
        Server.JSON
            .createObjectNode()
            .put("name", it.name())
            .put("unit", it.unit())
            .put("envelope", kind.envelope().name().toLowerCase(Locale.ROOT))
            .put("kept_s", kind.keptFor().equals(Kind.EVER) ? -1 : kind.keptFor().toSeconds())
            .put("verdict", verdict(judged))
            .put("judged_from_s", judged.from().toSeconds())
            .put("median", short4(judged.level()))
            .put("growth", short4(judged.growth()))
            .put("allowed", short4(it.allowed(judged.level())));
    ArrayNode points = json.putArray("points");
    for (Point point : it.points()) {
      points.addArray().add(short4(point.at().toMillis() / 1e3)).add(short4(point.value()));
    }
    return json;
  }

  /** Four digits say it. */
  private static BigDecimal short4(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_UP));
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded.stripTrailingZeros();
  }
}
