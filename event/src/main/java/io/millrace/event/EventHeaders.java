package io.millrace.event;

/**
 * The headers of a record on a topic. Its value is the event's JSON as it came; its key is the
 * bytes of the contract's key field, so that equal keys share a partition.
 */
public final class EventHeaders {

  /** When the collector received it: 8 bytes, big-endian, microseconds since 1970. */
  public static final String RECEIVED = "received";

  /** The contract's version it was checked against: 4 bytes, big-endian. */
  public static final String CONTRACT_VERSION = "contract-version";

  /** On a rejected topic: the {@link Reason}, UTF-8. */
  public static final String REASON = "reason";

  /** On a rejected topic: the field's dotted path, UTF-8; may be empty. */
  public static final String FIELD = "field";

  /** On a rejected topic: the sentence that says what was wrong, UTF-8. */
  public static final String DETAIL = "detail";

  /**
   * On an event that was rejected once and sent again: where the rejected one is, as {@code
   * topic/partition/offset}, UTF-8.
   */
  public static final String REPLAYED_FROM = "replayed-from";

  /** On a topic of live rows: the row's {@link LiveRow.Version}, 20 bytes, big-endian. */
  public static final String LIVE_VERSION = "version";

  private EventHeaders() {}
}
