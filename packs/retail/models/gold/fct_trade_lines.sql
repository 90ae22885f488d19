-- The wholesaler's sales and returns of goods; the invoice has no attributes but its number, which stays with its lines.
-- Grain: one row for each line of an invoice that is a sale or a return.
-- Owner: finance-team
SELECT
  line_id,
  invoice_no,
  invoice_date AS day,
  coalesce(customer_id, -1) AS customer_id,
  stock_code,
  kind,
  quantity,
  unit_price,
  amount
FROM silver.invoice_lines
WHERE excluded_reason IS NULL
