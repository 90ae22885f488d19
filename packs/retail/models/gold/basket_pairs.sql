-- Which products of the shop are bought in one order, and how much more often than chance would have it: a lift of 2 is
-- twice as often.
-- Grain: one row for each pair of products, the smaller id first, that two orders or more have.
-- Owner: order-team
WITH baskets AS (
  SELECT DISTINCT order_id, product_id FROM silver.order_items
),
counted AS (
  SELECT product_id, count(*) AS orders FROM baskets GROUP BY product_id
),
total AS (
  SELECT count(DISTINCT order_id) AS orders FROM baskets
),
pairs AS (
  SELECT a.product_id AS product_id, b.product_id AS other_product_id, count(*) AS orders
  FROM baskets AS a
  JOIN baskets AS b ON b.order_id = a.order_id AND a.product_id < b.product_id
  GROUP BY a.product_id, b.product_id
  HAVING count(*) >= 2
)
SELECT
  pairs.product_id,
  pairs.other_product_id,
  pairs.orders,
  round(100.0 * pairs.orders / one.orders, 1) AS percent_of_orders,
  round(1.0 * pairs.orders * total.orders / (one.orders * other.orders), 2) AS lift
FROM pairs
JOIN counted AS one ON one.product_id = pairs.product_id
JOIN counted AS other ON other.product_id = pairs.other_product_id
CROSS JOIN total
ORDER BY pairs.orders DESC, pairs.product_id, pairs.other_product_id
