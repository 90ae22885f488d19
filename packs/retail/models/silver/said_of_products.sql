-- What events of a day say of the shop's products: an order its name, category and price, a visit or a return only that
-- there is one. What says the same as the event before it is left out, so that histories are made of few rows.
-- Grain: one row for each product, day (UTC) and change of what was said of it, its orders and the others apart.
-- Owner: order-team
WITH said AS (
  SELECT product_id, product_name, category, unit_price AS list_price, event_time AS said_at, false AS is_inferred
  FROM bronze.order_items
  UNION ALL
  SELECT product_id, product_name, category, unit_price, event_time, false
  FROM quarantine.order_items_late
  UNION ALL
  SELECT item.product_id, 'unknown', item.category, item.price, event_time, true
  FROM bronze.clicks
  WHERE event_type = 'product_view'
  UNION ALL
  SELECT item.product_id, 'unknown', item.category, item.price, event_time, true
  FROM quarantine.clicks_late
  WHERE event_type = 'product_view'
  UNION ALL
  SELECT product_id, 'unknown', 'unknown', NULL, event_time, true
  FROM bronze.returns
  UNION ALL
  SELECT product_id, 'unknown', 'unknown', NULL, event_time, true
  FROM quarantine.returns_late
)
SELECT product_id, product_name, category, list_price, said_at, is_inferred
FROM said
-- Of what was said at one moment the largest counts, as in a history, so it comes last.
QUALIFY row(product_name, category, list_price) IS DISTINCT FROM lag(row(product_name, category, list_price)) OVER (
  PARTITION BY product_id, is_inferred, CAST(said_at AT TIME ZONE 'UTC' AS DATE)
  ORDER BY said_at, product_name, category, list_price
)
