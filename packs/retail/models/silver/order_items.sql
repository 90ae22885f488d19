-- The lines of the shop's orders, late ones included.
-- Grain: one row for each line of an order.
-- Owner: order-team
WITH arrived AS (
  SELECT
    event_id, event_time, order_id, line, product_id, product_name, category, quantity, unit_price, amount,
    topic_partition, topic_offset
  FROM bronze.order_items
  UNION ALL
  SELECT
    event_id, event_time, order_id, line, product_id, product_name, category, quantity, unit_price, amount,
    topic_partition, topic_offset
  FROM quarantine.order_items_late
)
SELECT
  event_id, event_time, order_id, line, product_id, product_name, category, quantity, unit_price, amount
FROM arrived
-- The stream knows repeats for as long as its window; what is sent again after it comes through, and counts once.
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY topic_partition, topic_offset) = 1
