-- Where the wholesaler's invoices went, and what each country brought, net of cancellations.
-- Grain: one row for each country.
-- Owner: finance-team
SELECT
  country,
  count(DISTINCT customer_id) AS customers,
  count(*) FILTER (kind = 'order') AS invoices,
  sum(goods) AS net_revenue,
  round(100 * sum(goods) / sum(sum(goods)) OVER (), 2) AS percent_of_revenue
FROM silver.invoices
GROUP BY country
ORDER BY net_revenue DESC
