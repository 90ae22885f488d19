package io.millrace.prove;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run shows of one stream, in events and rows.
 *
 * @param acknowledged different events that producers were told are taken
 * @param unconfirmed events that producers gave up on without an answer: each may be there or not
 * @param refused events of bodies that were refused whole
 * @param lost acknowledged events that are in no table
 * @param twice events with more rows than they may have
 * @param wrong rows of events that nobody sent, or in a table that the contract does not say
 * @param sentFingerprint of the ids that were acknowledged, whatever their order
 * @param foundFingerprint of those of them that are in bronze, late or rejected
 * @param breaches each of the first lost, doubled or wrong events, with its offsets
 */
public record StreamCertificate(
    String stream,
    long acknowledged,
    long bronze,
    long late,
    long rejected,
    long repeated,
    long unconfirmed,
    long refused,
    long lost,
    long twice,
    long wrong,
    String sentFingerprint,
    String foundFingerprint,
    List<String> breaches) {

  public StreamCertificate {
    breaches = List.copyOf(breaches);
  }

  public boolean holds() {
    return breaches.isEmpty() && sentFingerprint.equals(foundFingerprint);
  }

  /** Of this and of other events of the stream. */
  StreamCertificate plus(StreamCertificate other) {
    List<String> all = new ArrayList<>(breaches);
    all.addAll(other.breaches);
    return new StreamCertificate(
        stream,
        acknowledged + other.acknowledged,
        bronze + other.bronze,
        late + other.late,
        rejected + other.rejected,
        repeated + other.repeated,
        unconfirmed + other.unconfirmed,
        refused + other.refused,
        lost + other.lost,
        twice + other.twice,
        wrong + other.wrong,
        sum(sentFingerprint, other.sentFingerprint),
        sum(foundFingerprint, other.foundFingerprint),
        all);
  }

  private static String sum(String one, String other) {
    return "%016x".formatted(Long.parseUnsignedLong(one, 16) + Long.parseUnsignedLong(other, 16));
  }
}
