-- Products whose sales fell by more than half from one trading day to the next. A trading day is one with invoices, so
-- that a free Saturday is no fall; a product that is not sold on the next trading day fell to nothing.
-- Grain: one row for each product and trading day on which it fell.
-- Owner: finance-team
WITH trading_days AS (
  SELECT invoice_date, row_number() OVER (ORDER BY invoice_date) AS number
  FROM gold.invoices_daily
),
sold AS (
  SELECT line.stock_code, trading_days.number, sum(line.amount) AS sales
  FROM silver.invoice_lines AS line
  JOIN trading_days ON trading_days.invoice_date = line.invoice_date
  WHERE line.kind = 'sale'
  GROUP BY line.stock_code, trading_days.number
)
SELECT
  sold.stock_code,
  trading_days.invoice_date AS day,
  sold.sales AS sales_before,
  coalesce(next_sold.sales, 0) AS sales,
  round(100 * (1 - coalesce(next_sold.sales, 0) / sold.sales), 1) AS fall_percent
FROM sold
JOIN trading_days ON trading_days.number = sold.number + 1
LEFT JOIN sold AS next_sold ON next_sold.stock_code = sold.stock_code AND next_sold.number = sold.number + 1
WHERE coalesce(next_sold.sales, 0) < sold.sales / 2
