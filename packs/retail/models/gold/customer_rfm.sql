-- Customers by how lately, how often and for how much they bought: each a score from 1 to 5, where 5 is the fifth with
-- the latest order, the most orders, or the highest net revenue. Ties are cut by customer_id, so that each fifth is a
-- fifth.
-- Grain: one row for each customer with an order.
-- Owner: finance-team
SELECT
  customer_id,
  max(last_order) OVER () - last_order AS days_since_order,
  orders,
  net_revenue,
  ntile(5) OVER (ORDER BY last_order, customer_id) AS recency,
  ntile(5) OVER (ORDER BY orders, customer_id) AS frequency,
  ntile(5) OVER (ORDER BY net_revenue, customer_id) AS money
FROM gold.customer_value
WHERE orders > 0
