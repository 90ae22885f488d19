package io.millrace.event;

import io.millrace.project.StreamContract;

/**
 * Decides whether an event keeps its contract, and reads its values, in one pass over its bytes.
 * Not safe for use by several threads; one decoder serves any number of events.
 */
public final class EventDecoder {

  /** How deep objects and arrays may nest. */
  public static final int MAX_DEPTH = 32;

  public EventDecoder(StreamContract contract, int maxEventBytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Decides about the event in {@code json[offset, offset+length)}.
   *
   * @param receivedMicros when it was received, microseconds since 1970
   */
  public Verdict decode(byte[] json, int offset, int length, long receivedMicros) {
    throw new UnsupportedOperationException();
  }

  /** The values of the last event that was accepted; they may point into its bytes. */
  public EventRow row() {
    throw new UnsupportedOperationException();
  }

  /** The time of the last accepted event, microseconds since 1970. */
  public long eventTimeMicros() {
    throw new UnsupportedOperationException();
  }

  /** The upper 64 bits of the last accepted event's 128-bit id; see {@link #idLow}. */
  public long idHigh() {
    throw new UnsupportedOperationException();
  }

  /** The lower 64 bits: of the uuid itself, or of a 128-bit hash of another id. */
  public long idLow() {
    throw new UnsupportedOperationException();
  }

  /** Where the key's bytes are, to be read as {@code row().bytesAt(keyPosition())} and so on. */
  public int keyPosition() {
    throw new UnsupportedOperationException();
  }
}
