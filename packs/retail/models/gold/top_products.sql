-- Which products are looked at, put into carts, bought and sent back.
-- Grain: one row for each product that was seen or sold.
-- Owner: order-team
WITH seen AS (
  SELECT
    item.product_id AS product_id,
    any_value(item.category) AS category,
    count(*) FILTER (event_type = 'product_view') AS views,
    count(*) FILTER (event_type = 'add_to_cart') AS carts
  FROM silver.clicks
  WHERE item IS NOT NULL
  GROUP BY ALL
),
sold AS (
  SELECT
    product_id,
    max_by(product_name, event_time) AS product_name,
    any_value(category) AS category,
    sum(quantity) AS units,
    sum(amount) AS revenue
  FROM silver.order_items
  GROUP BY product_id
),
returned AS (
  SELECT product_id, sum(quantity) AS units, sum(refund) AS refunds
  FROM silver.returns
  GROUP BY product_id
)
SELECT
  product_id,
  sold.product_name,
  coalesce(sold.category, seen.category) AS category,
  coalesce(seen.views, 0) AS views,
  coalesce(seen.carts, 0) AS carts,
  coalesce(sold.units, 0) AS units,
  coalesce(sold.revenue, 0) AS revenue,
  coalesce(returned.units, 0) AS units_returned,
  coalesce(returned.refunds, 0) AS refunds
FROM seen
FULL JOIN sold USING (product_id)
LEFT JOIN returned USING (product_id)
ORDER BY revenue DESC, product_id
