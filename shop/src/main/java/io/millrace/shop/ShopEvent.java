package io.millrace.shop;

/**
 * One event as it is sent, and what must become of it.
 *
 * @param json the event; never has a line break; shared with its repeats, so never to be changed
 * @param flaw how it breaks its contract, {@link Flaw#NONE} unless it is malformed
 * @param idHigh the upper 64 bits of its event id, also where a flaw hides it
 * @param idLow the lower 64 bits
 */
@SuppressWarnings("ArrayRecordComponent") // read only, on the hot path
public record ShopEvent(
    ShopStream stream, byte[] json, Fate fate, Flaw flaw, long idHigh, long idLow) {}
