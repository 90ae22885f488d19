package io.millrace.prove;

import java.time.Instant;
import java.util.List;

/**
 * The balances of streams and of the warehouse at one time, as a value that can be sent and judged.
 *
 * @param balances those of the project; none where one stream alone is proven
 */
public record Proof(
    Instant provenAt, Depth depth, List<StreamProof> streams, List<BalanceProof> balances) {

  public Proof {
    streams = List.copyOf(streams);
    balances = List.copyOf(balances);
  }

  /** Whether nothing is wrong. What is in flight, behind or not built is no failure. */
  public boolean holds() {
    return streams.stream().allMatch(StreamProof::holds)
        && balances.stream().noneMatch(BalanceProof::isBroken);
  }

  /** Whether everything that was sent is accounted for. */
  public boolean isSettled() {
    return streams.stream().allMatch(stream -> stream.inFlight() == 0);
  }
}
