-- What the shop sells, as its latest order of each product calls it.
-- Grain: one row for each product that was ordered.
-- Owner: order-team
SELECT
  product_id,
  max_by(product_name, said_at) AS product_name,
  max_by(category, said_at) AS category
FROM silver.said_of_products
WHERE NOT is_inferred
GROUP BY product_id
