package io.millrace.collect;

/**
 * A rejected event, as quarantine has it.
 *
 * @param reason for which it was rejected
 * @param receivedMicros when it was received, microseconds since 1970
 * @param value its bytes as they came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and there are many
public record RejectedEvent(Origin origin, String reason, long receivedMicros, byte[] value) {}
