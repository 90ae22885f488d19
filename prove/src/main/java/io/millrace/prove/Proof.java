package io.millrace.prove;

import java.time.Instant;
import java.util.List;

/** The balance of streams at one time, as a value that can be sent and judged. */
public record Proof(Instant provenAt, Depth depth, List<StreamProof> streams) {

  public Proof {
    streams = List.copyOf(streams);
  }

  /** Whether every stream's balance holds. What is in flight is not a failure. */
  public boolean holds() {
    return streams.stream().allMatch(StreamProof::holds);
  }

  /** Whether everything that was sent is accounted for. */
  public boolean isSettled() {
    return streams.stream().allMatch(stream -> stream.inFlight() == 0);
  }
}
