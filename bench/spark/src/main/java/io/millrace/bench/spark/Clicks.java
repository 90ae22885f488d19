package io.millrace.bench.spark;

import org.apache.spark.sql.types.StructType;

/** The contract of clicks, as far as Spark checks it. */
final class Clicks {

  static final StructType SCHEMA =
      StructType.fromDDL(
          "event_id STRING, event_type STRING, event_time TIMESTAMP, visitor_id STRING,"
              + " user_id STRING, session_id STRING, ip STRING, user_agent STRING, device STRING,"
              + " country STRING, language STRING, page_url STRING, referrer STRING, load_ms INT,"
              + " consent BOOLEAN, query STRING, results INT,"
              + " item STRUCT<product_id: STRING, category: STRING, price: DECIMAL(12,2),"
              + " quantity: INT>, order_id STRING");

  static final String[] REQUIRED = {
    "event_id",
    "event_type",
    "event_time",
    "visitor_id",
    "session_id",
    "ip",
    "user_agent",
    "device",
    "country",
    "page_url",
    "consent"
  };

  static final String[] TYPES = {
    "page_view", "search", "product_view", "add_to_cart", "checkout", "purchase"
  };

  private Clicks() {}
}
