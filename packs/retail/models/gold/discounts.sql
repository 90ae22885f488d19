-- What each sale brought less than at the usual price of its product at the time; below zero where it brought more.
-- Grain: one row for each line of a sale of goods.
-- Owner: finance-team
SELECT
  line.line_id,
  line.invoice_no,
  line.stock_code,
  line.invoice_date,
  line.customer_id,
  line.quantity,
  line.amount,
  usual.price AS usual_price,
  CAST(line.quantity AS DECIMAL(10, 0)) * usual.price - line.amount AS discount
FROM silver.invoice_lines AS line
LEFT JOIN silver.product_prices AS usual
  ON usual.stock_code = line.stock_code
  AND usual.valid_from <= line.invoice_date
  AND (usual.valid_to IS NULL OR line.invoice_date < usual.valid_to)
WHERE line.kind = 'sale'
