package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.Incident;
import io.millrace.core.Incidents;
import io.millrace.prove.BalanceProof;
import io.millrace.prove.Breach;
import io.millrace.prove.Depth;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamProof;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BalanceIncidentsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;
  private Incidents incidents;

  @BeforeEach
  void open() {
    incidents = Incidents.open(folder.resolve("metadata.db"), () -> NOW);
  }

  @AfterEach
  void close() {
    incidents.close();
  }

  @Test
  void aStreamThatLacksEventsIsAnIncidentUntilAFullProofHolds() {
    find(stream(new Breach(Breach.Kind.MISSING, "offsets 3 to 7 are nowhere")), Depth.FULL);

    assertThat(incidents.goingOn())
        .extracting(Incident::asset, Incident::cause)
        .containsExactly(tuple("stream clicks", "offsets 3 to 7 are nowhere"));

    find(stream(), Depth.SEALED);
    assertThat(incidents.goingOn()).as("a sealed proof does not look at rows").hasSize(1);
    find(stream(), Depth.FULL);
    assertThat(incidents.goingOn()).isEmpty();
  }

  @Test
  void aBalanceOfTheWarehouseIsAnIncidentWhileItIsBroken() {
    find(balance(BalanceProof.State.BREACHED, Optional.of("£3.00 are missing")), Depth.SEALED);
    assertThat(incidents.goingOn())
        .extracting(Incident::cause)
        .containsExactly("£3.00 are missing");

    find(balance(BalanceProof.State.BEHIND, Optional.of("a model is behind")), Depth.SEALED);
    assertThat(incidents.goingOn()).as("nobody can tell").hasSize(1);
    find(balance(BalanceProof.State.HOLDS, Optional.empty()), Depth.SEALED);
    assertThat(incidents.goingOn()).isEmpty();
  }

  private void find(Proof proof, Depth depth) {
    Proof found =
        new BalanceIncidents((stream, how) -> proof, incidents).prove(Optional.empty(), depth);
    assertThat(found).isSameAs(proof);
  }

  private static Proof stream(Breach... breaches) {
    StreamProof stream =
        new StreamProof(
            "clicks", 9, 9, 0, 9, 0, 0, 0, 0, 0, 0, Optional.empty(), List.of(breaches));
    return new Proof(NOW, Depth.FULL, List.of(stream), List.of());
  }

  private static Proof balance(BalanceProof.State state, Optional<String> sentence) {
    BalanceProof balance =
        new BalanceProof(
            "revenue",
            "what customers paid",
            "GBP",
            Optional.of(1L),
            state,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            sentence);
    return new Proof(NOW, Depth.SEALED, List.of(), List.of(balance));
  }
}
