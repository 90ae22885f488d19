-- The lines of the shop's orders, each with what its order says, late ones included. What is sent again counts once.
-- Grain: one row for each line of an order; an order that has not come yet leaves its columns empty.
-- Owner: order-team
WITH items AS (
  SELECT order_id, line, event_time, product_id, quantity, unit_price, amount FROM bronze.order_items
  UNION ALL
  SELECT order_id, line, event_time, product_id, quantity, unit_price, amount FROM quarantine.order_items_late
),
headers AS (
  SELECT order_id, event_time, user_id, session_id, payment FROM bronze.orders
  UNION ALL
  SELECT order_id, event_time, user_id, session_id, payment FROM quarantine.orders_late
)
SELECT
  item.order_id,
  item.line,
  min(item.event_time) AS ordered_at,
  min(item.product_id) AS product_id,
  min(item.quantity) AS quantity,
  min(item.unit_price) AS unit_price,
  min(item.amount) AS amount,
  min(header.user_id) AS user_id,
  min(header.session_id) AS session_id,
  min(header.payment) AS payment
FROM items AS item
LEFT JOIN headers AS header ON header.order_id = item.order_id
GROUP BY item.order_id, item.line
