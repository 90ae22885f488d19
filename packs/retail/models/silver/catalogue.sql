-- What the shop sells, as its latest order of each product calls it.
-- Grain: one row for each product that was ordered.
-- Owner: order-team
WITH ordered AS (
  SELECT product_id, product_name, category, event_time FROM bronze.order_items
  UNION ALL
  SELECT product_id, product_name, category, event_time FROM quarantine.order_items_late
)
SELECT
  product_id,
  max_by(product_name, event_time) AS product_name,
  max_by(category, event_time) AS category
FROM ordered
GROUP BY product_id
