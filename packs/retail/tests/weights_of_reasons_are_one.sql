-- The reasons of an order share its refund, all of it.
-- test of: gold.bridge_return_reasons
SELECT order_id, sum(weight) AS weights
FROM gold.bridge_return_reasons
GROUP BY order_id
HAVING abs(sum(weight) - 1) > 1e-9
