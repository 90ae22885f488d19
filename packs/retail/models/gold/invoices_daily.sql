-- What the wholesaler sold each day, what of it came back, and what was charged beside goods.
-- Grain: one row for each day in London with invoices on it.
-- Owner: finance-team
SELECT
  invoice_date,
  count(DISTINCT invoice_no) FILTER (kind = 'sale') AS orders,
  count(DISTINCT invoice_no) FILTER (kind = 'return') AS cancellations,
  count(DISTINCT customer_id) FILTER (kind = 'sale') AS customers,
  coalesce(sum(quantity) FILTER (kind = 'sale'), 0) AS units_sold,
  -coalesce(sum(quantity) FILTER (kind = 'return'), 0) AS units_returned,
  coalesce(sum(amount) FILTER (kind = 'sale'), 0) AS sales,
  -coalesce(sum(amount) FILTER (kind = 'return'), 0) AS returns,
  coalesce(sum(amount) FILTER (excluded_reason IS NULL), 0) AS net_revenue,
  coalesce(sum(amount) FILTER (kind = 'charge'), 0) AS charges
FROM silver.invoice_lines
GROUP BY invoice_date
