-- The ten customers who are worth most to the wholesaler, returns taken off; those who never sent anything back are
-- among them. Who ties for the tenth place is there, too.
-- Grain: one row for each customer.
-- Owner: finance-team
SELECT
  rank() OVER (ORDER BY worth.net_revenue DESC) AS place,
  worth.customer_id,
  customer.country,
  worth.orders,
  worth.sales,
  worth.returns,
  worth.net_revenue
FROM gold.customer_value AS worth
LEFT JOIN silver.customers AS customer ON customer.customer_id = worth.customer_id
QUALIFY rank() OVER (ORDER BY worth.net_revenue DESC) <= 10
ORDER BY place, customer_id
