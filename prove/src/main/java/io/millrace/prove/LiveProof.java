package io.millrace.prove;

/**
 * The live values of a stream against the newest rows of its bronze table.
 *
 * @param behind whether they are still being followed or filled, and were not compared
 * @param keys that have the newest row of bronze
 * @param fingerprint of these rows, 16 hexadecimal digits
 * @param inFlight keys whose newest row bronze does not have yet
 */
public record LiveProof(boolean behind, long keys, String fingerprint, long inFlight) {

  static final LiveProof BEHIND = new LiveProof(true, 0, "", 0);
}
