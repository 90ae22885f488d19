-- What each product usually costs: half of a month's sale lines are at this price or below it.
-- Grain: one row for each product and stretch of months with one price.
-- Owner: finance-team
SELECT
  stock_code,
  CAST(date_trunc('month', invoice_date) AS DATE) AS month,
  quantile_disc(unit_price, 0.5) AS price
FROM silver.invoice_lines
WHERE kind = 'sale'
GROUP BY stock_code, month
