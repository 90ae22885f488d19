package io.millrace.prove;

import java.util.List;
import java.util.Optional;

/**
 * The balance of one stream, in events.
 *
 * <p>{@code topic + loaded = bronze + rejected + repeated + late + erased + absent + inFlight}, and
 * what was acknowledged is in the topic.
 *
 * @param acknowledged what the collector has answered for, by what it last wrote down
 * @param topic offsets of the stream's topics, those of events rejected at the door included
 * @param loaded lines of files that were loaded without a topic
 * @param erased with the people they were of, from whichever table they were in
 * @param absent offsets that held no record: transaction markers, or records expired unread; and
 *     lines without an event
 * @param inFlight offsets that no commit accounts for yet
 * @param live what its live values come to; of a full proof, where a stream keeps them
 * @param breaches what does not hold; empty when the stream is proven
 */
public record StreamProof(
    String stream,
    long acknowledged,
    long topic,
    long loaded,
    long bronze,
    long rejected,
    long repeated,
    long late,
    long erased,
    long absent,
    long inFlight,
    Optional<LiveProof> live,
    List<Breach> breaches) {

  public StreamProof {
    breaches = List.copyOf(breaches);
  }

  public boolean holds() {
    return breaches.isEmpty();
  }
}
