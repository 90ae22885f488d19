package io.millrace.shop;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A way in which an event breaks its contract. The name in lower case is the reason the event must
 * be rejected for.
 */
public enum Flaw {
  /** It keeps its contract. */
  NONE,
  BAD_JSON,
  BAD_ENCODING,
  NOT_AN_OBJECT,
  DUPLICATE_FIELD,
  MISSING_FIELD,
  WRONG_TYPE,
  OUT_OF_RANGE,
  NOT_ALLOWED,
  /** Rejected only where the time it is received does not follow the event's own time. */
  IN_THE_FUTURE;

  private static final char NOT_UTF_8 = 0xff;

  private final String text = name().toLowerCase(Locale.ROOT);

  @Override
  public String toString() {
    return text;
  }

  /** The event with this flaw put into it; it never gets a line break. */
  byte[] spoil(ShopStream stream, byte[] json) {
    // One byte is one character both ways, so that bytes that are not UTF-8 can be written too.
    String event = new String(json, StandardCharsets.ISO_8859_1);
    String spoilt =
        switch (this) {
          case NONE -> event;
          case BAD_JSON -> event.substring(0, event.length() * 2 / 3);
          case BAD_ENCODING -> {
            String text = stream == ShopStream.CLICKS ? "\"session_id\":\"" : "\"order_id\":\"";
            yield replace(event, text, text + NOT_UTF_8);
          }
          case NOT_AN_OBJECT -> "[" + event + "]";
          case DUPLICATE_FIELD ->
              "{" + event.substring(1, event.indexOf(',') + 1) + event.substring(1);
          case MISSING_FIELD -> replace(event, "\"event_time\"", "\"happened\"");
          case WRONG_TYPE -> replace(event, "\"event_id\":\"", "\"event_id\":17,\"was\":\"");
          case OUT_OF_RANGE ->
              switch (stream) {
                case CLICKS -> replace(event, "\"load_ms\":", "\"load_ms\":99999999999");
                case ORDERS -> replace(event, "\"item_count\":", "\"item_count\":99999999999");
                case ORDER_ITEMS, RETURNS ->
                    replace(event, "\"quantity\":", "\"quantity\":99999999999");
              };
          case NOT_ALLOWED ->
              switch (stream) {
                case CLICKS -> replace(event, "\"event_type\":\"", "\"event_type\":\"un");
                case ORDERS -> replace(event, "\"currency\":\"GBP", "\"currency\":\"EUR");
                case ORDER_ITEMS -> replace(event, "\"quantity\":", "\"quantity\":-");
                case RETURNS -> replace(event, "\"return_reason\":\"", "\"return_reason\":\"un");
              };
          case IN_THE_FUTURE -> replace(event, "\"event_time\":\"2", "\"event_time\":\"3");
        };
    return spoilt.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String replace(String event, String old, String replacement) {
    int at = event.indexOf(old);
    if (at < 0) {
      throw new IllegalStateException("Cannot put " + this + " into " + event + ": no " + old);
    }
    return event.substring(0, at) + replacement + event.substring(at + old.length());
  }
}
