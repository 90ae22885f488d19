package io.millrace.boot;

import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.prove.BalanceProof;
import io.millrace.prove.Breach;
import io.millrace.prove.Depth;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamProof;
import io.millrace.serve.Balances;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes an incident of each balance that is found broken, whoever asked for it, and ends it when it
 * is found whole again. What only a full proof sees is not taken for mended by one that looks less.
 */
final class BalanceIncidents implements Balances {

  private static final String DONE =
      "nothing was changed; 'millrace prove --full' says what is wrong down to offsets and files";

  private final Balances balances;
  private final Incidents incidents;

  BalanceIncidents(Balances balances, Incidents incidents) {
    this.balances = balances;
    this.incidents = incidents;
  }

  @Override
  public Proof prove(Optional<String> stream, Depth depth) {
    Proof proof = balances.prove(stream, depth);
    proof.streams().forEach(it -> note(it, depth));
    proof.balances().forEach(this::note);
    return proof;
  }

  private void note(StreamProof proof, Depth depth) {
    String asset = "stream " + proof.stream();
    if (!proof.holds()) {
      String cause =
          proof.breaches().stream().map(Breach::sentence).collect(Collectors.joining("; "));
      incidents.report(Kind.BALANCE, asset, "topic " + proof.stream(), cause, 0, DONE);
    } else if (depth == Depth.FULL) {
      incidents.end(Kind.BALANCE, asset);
    }
  }

  private void note(BalanceProof proof) {
    String asset = "balance " + proof.balance();
    if (proof.isBroken()) {
      String cause = proof.sentence().orElse(proof.description());
      incidents.report(Kind.BALANCE, asset, proof.description(), cause, 0, DONE);
    } else if (proof.holds()) {
      incidents.end(Kind.BALANCE, asset);
    }
  }
}
