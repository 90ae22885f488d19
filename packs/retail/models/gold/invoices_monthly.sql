-- What the wholesaler sold each month: invoiced, cancelled, and what was left.
-- Grain: one row for each month in London.
-- Owner: finance-team
SELECT
  CAST(date_trunc('month', invoice_date) AS DATE) AS month,
  count(*) FILTER (kind = 'order') AS invoices,
  count(*) FILTER (kind = 'cancellation') AS cancellations,
  count(DISTINCT customer_id) AS customers,
  coalesce(sum(goods) FILTER (kind <> 'cancellation'), 0) AS invoiced,
  coalesce(sum(goods) FILTER (kind = 'cancellation'), 0) AS cancelled,
  sum(goods) AS net_revenue
FROM silver.invoices
GROUP BY month
ORDER BY month
