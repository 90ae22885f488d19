-- What the shop's customers sent back, late events included.
-- Grain: one row for each line of an order that came back.
-- Owner: order-team
WITH arrived AS (
  SELECT
    event_id, event_time, return_id, order_id, line, product_id, quantity, refund, return_reason,
    topic_partition, topic_offset
  FROM bronze.returns
  UNION ALL
  SELECT
    event_id, event_time, return_id, order_id, line, product_id, quantity, refund, return_reason,
    topic_partition, topic_offset
  FROM quarantine.returns_late
)
SELECT
  event_id, event_time, return_id, order_id, line, product_id, quantity, refund, return_reason
FROM arrived
-- As with silver.order_items, what is sent again counts once.
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY topic_partition, topic_offset) = 1
