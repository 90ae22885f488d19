-- What sells best in the shop right now?
-- Grain: one row for each of the three best products.
-- Owner: order-team
SELECT product_id, product_name, category, units, revenue, units_returned
FROM gold.top_products
ORDER BY revenue DESC, product_id
LIMIT 3
