-- What each customer bought, sent back and is worth; those who never sent anything back, and those who did nothing
-- else, included.
-- Grain: one row for each customer with goods bought or sent back.
-- Owner: finance-team
SELECT
  customer_id,
  min(invoice_date) FILTER (kind = 'sale') AS first_order,
  max(invoice_date) FILTER (kind = 'sale') AS last_order,
  count(DISTINCT invoice_no) FILTER (kind = 'sale') AS orders,
  count(DISTINCT stock_code) FILTER (kind = 'sale') AS products,
  coalesce(sum(amount) FILTER (kind = 'sale'), 0) AS sales,
  -coalesce(sum(amount) FILTER (kind = 'return'), 0) AS returns,
  sum(amount) AS net_revenue
FROM silver.invoice_lines
WHERE excluded_reason IS NULL AND customer_id IS NOT NULL
GROUP BY customer_id
