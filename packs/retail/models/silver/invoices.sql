-- The wholesaler's invoices: orders, cancellations, and corrections of stock or debt.
-- Grain: one row for each invoice number.
-- Owner: finance-team
SELECT
  invoice_no,
  CASE
    WHEN starts_with(invoice_no, 'C') THEN 'cancellation'
    WHEN starts_with(invoice_no, 'A') THEN 'bad debt'
    WHEN bool_and(kind = 'correction') THEN 'correction'
    ELSE 'order'
  END AS kind,
  min(invoice_time) AS invoice_time,
  min(invoice_date) AS invoice_date,
  min(customer_id) AS customer_id,
  min(country) AS country,
  count(*) AS lines,
  coalesce(sum(quantity) FILTER (excluded_reason IS NULL), 0) AS units,
  coalesce(sum(amount) FILTER (excluded_reason IS NULL), 0) AS goods,
  coalesce(sum(amount) FILTER (excluded_reason IS NOT NULL), 0) AS charges,
  sum(amount) AS total
FROM silver.invoice_lines
WHERE kind <> 'repeat'
GROUP BY invoice_no
