package io.millrace.boot.faults;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Limits;
import io.millrace.lake.Lake;
import io.millrace.live.LiveValues;
import io.millrace.project.Project;
import io.millrace.prove.Depth;
import io.millrace.prove.Proof;
import io.millrace.prove.Prover;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** The project's own proof, once nothing more is sent. */
final class FullProof {

  private static final Duration LOOK = Duration.ofMillis(200);

  private FullProof() {}

  /**
   * Waits until nothing is on its way, then reads everything again.
   *
   * @param limit for the wait
   * @return none if a part that is asked does not answer any more
   */
  static Optional<Proof> of(
      Project project, DataDirectory data, Lake lake, Duration limit, Consumer<String> say) {
    Optional<Endpoints> endpoints = Endpoints.find(data.endpoints());
    if (endpoints.isEmpty()) {
      return Optional.empty();
    }
    Path temporary = data.temporary("prove");
    try (DuckDbSqlReader sql = new DuckDbSqlReader();
        DuckDbEngine engine =
            new DuckDbEngine(
                lake, data, project.models(), Limits.of(project.settings()), temporary)) {
      Prover prover =
          new Prover(
              project,
              data,
              lake,
              endpoints.get().kafka(),
              LiveValues.none(data),
              engine,
              sql,
              InstantSource.system());
      boolean settled = Wait.until(limit, LOOK, () -> isSettled(prover));
      say.accept(settled ? "Everything has arrived." : "Some events are still on their way.");
      return Optional.of(prover.prove(Depth.FULL));
    } catch (MillraceException e) {
      say.accept(e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isSettled(Prover prover) {
    try {
      return prover.prove(Depth.SEALED).isSettled();
    } catch (MillraceException e) {
      return false;
    }
  }
}
