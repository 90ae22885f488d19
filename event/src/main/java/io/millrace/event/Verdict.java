package io.millrace.event;

/** What a contract says of an event. Reused by its decoder until the next event. */
public sealed interface Verdict {

  /** The event keeps its contract; its values are in the decoder's {@link EventRow}. */
  record Accepted() implements Verdict {}

  /**
   * The event breaks its contract.
   *
   * @param reason the kind of breach; counts are kept by it
   * @param field dotted path of the field, {@code item.price}; empty when it is the whole event
   * @param detail a sentence with the offending value, at most 200 characters
   * @param offset bytes from the start of the event to where it was noticed
   */
  record Rejected(Reason reason, String field, String detail, int offset) implements Verdict {}

  Verdict ACCEPTED = new Accepted();
}
