-- The shop's orders, late ones included.
-- Grain: one row for each order.
-- Owner: order-team
WITH arrived AS (
  SELECT
    event_id, event_time, order_id, user_id, session_id, country, payment, currency, item_count, total,
    topic_partition, topic_offset
  FROM bronze.orders
  UNION ALL
  SELECT
    event_id, event_time, order_id, user_id, session_id, country, payment, currency, item_count, total,
    topic_partition, topic_offset
  FROM quarantine.orders_late
)
SELECT
  event_id, event_time, order_id, user_id, session_id, country, payment, currency, item_count, total
FROM arrived
-- As with silver.order_items, what is sent again counts once.
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY topic_partition, topic_offset) = 1
