-- The days from the wholesaler's first invoice to its last, those without invoices among them.
-- Grain: one row for each day in London.
-- Owner: finance-team
SELECT
  day,
  dayname(day) AS weekday,
  strftime(day, '%Y-%m') AS month,
  strftime(day, '%Y-Q') || quarter(day) AS quarter,
  year(day) AS year
FROM (
  SELECT CAST(unnest(generate_series(min(invoice_date), max(invoice_date), INTERVAL 1 DAY)) AS DATE) AS day
  FROM silver.invoice_lines
)
