-- What the wholesaler earned each month: invoiced, cancelled, and what was left.
-- Grain: one row for each month in London.
-- Owner: finance-team
SELECT
  CAST(date_trunc('month', invoice_time AT TIME ZONE 'Europe/London') AS DATE) AS month,
  count(DISTINCT invoice_no) FILTER (NOT starts_with(invoice_no, 'C')) AS invoices,
  count(DISTINCT invoice_no) FILTER (starts_with(invoice_no, 'C')) AS cancellations,
  count(DISTINCT customer_id) AS customers,
  coalesce(sum(quantity * unit_price) FILTER (NOT starts_with(invoice_no, 'C')), 0) AS invoiced,
  coalesce(sum(quantity * unit_price) FILTER (starts_with(invoice_no, 'C')), 0) AS cancelled,
  sum(quantity * unit_price) AS net_revenue
FROM bronze.invoice_lines
GROUP BY month
ORDER BY month
