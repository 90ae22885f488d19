package io.millrace.prove;

import java.time.Instant;
import java.util.List;

/** The balance of streams at one time, as a value that can be printed, sent and judged. */
public record Proof(Instant provenAt, Depth depth, List<StreamProof> streams) {

  private static final String HEADINGS =
      "%-16s %12s %12s   %12s %10s %10s %10s %8s %10s%n"
          .formatted(
              "stream",
              "acknowledged",
              "topic",
              "= bronze",
              "+ rejected",
              "+ repeated",
              "+ late",
              "+ absent",
              "+ in flight");

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

  /** A table for people, a line a stream, and a sentence for each breach. */
  public String describe() {
    StringBuilder text = new StringBuilder(HEADINGS);
    for (StreamProof stream : streams) {
      text.append(
          "%-16s %,12d %,12d   %,12d %,10d %,10d %,10d %,8d %,10d  %s%n"
              .formatted(
                  stream.stream(),
                  stream.acknowledged(),
                  stream.topic(),
                  stream.bronze(),
                  stream.rejected(),
                  stream.repeated(),
                  stream.late(),
                  stream.absent(),
                  stream.inFlight(),
                  stream.holds() ? "holds" : "DOES NOT HOLD"));
    }
    for (StreamProof stream : streams) {
      for (Breach breach : stream.breaches()) {
        text.append("%s: %s%n".formatted(stream.stream(), breach.sentence()));
      }
    }
    return text.toString();
  }
}
