package io.millrace.shop;

import java.util.Locale;

/** The streams a shop writes. The name in lower case is the stream's name in the retail project. */
public enum ShopStream {
  CLICKS,
  ORDERS,
  ORDER_ITEMS,
  RETURNS;

  private final String text = name().toLowerCase(Locale.ROOT);

  @Override
  public String toString() {
    return text;
  }
}
