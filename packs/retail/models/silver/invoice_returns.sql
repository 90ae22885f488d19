-- Goods that came back, each with the sale it takes back: the latest one before it of as many or more of the same
-- product to the same customer at the same price.
-- Grain: one row for each line of a cancellation that is about goods.
-- Owner: finance-team
WITH returned AS (
  SELECT * FROM silver.invoice_lines WHERE kind = 'return'
),
candidates AS (
  SELECT
    returned.line_id,
    sale.line_id AS sale_line_id,
    sale.invoice_no AS sale_invoice_no,
    sale.invoice_time AS sale_time,
    sale.quantity AS sale_quantity,
    row_number() OVER (
      PARTITION BY returned.line_id ORDER BY sale.invoice_time DESC, sale.quantity, sale.line_id
    ) AS choice
  FROM returned
  JOIN silver.invoice_lines AS sale
    ON sale.kind = 'sale'
    AND sale.customer_id = returned.customer_id
    AND sale.stock_code = returned.stock_code
    AND sale.unit_price = returned.unit_price
    AND sale.quantity >= -returned.quantity
    AND sale.invoice_time <= returned.invoice_time
),
matched AS (
  SELECT
    returned.*,
    sale_line_id,
    sale_invoice_no,
    sale_time,
    sale_quantity,
    -sum(returned.quantity) OVER (
      PARTITION BY coalesce(sale_line_id, returned.line_id)
      ORDER BY returned.invoice_time, returned.line_id
      ROWS UNBOUNDED PRECEDING
    ) AS returned_so_far
  FROM returned
  LEFT JOIN candidates ON candidates.line_id = returned.line_id AND choice = 1
)
SELECT
  line_id,
  invoice_no,
  invoice_time,
  invoice_date,
  customer_id,
  stock_code,
  -quantity AS units,
  -amount AS refund,
  CASE
    WHEN customer_id IS NULL THEN 'no customer'
    WHEN sale_line_id IS NULL THEN 'no sale found'
    WHEN returned_so_far > sale_quantity THEN 'more than was sold'
    WHEN quantity = -sale_quantity THEN 'whole line'
    ELSE 'part of a line'
  END AS match,
  sale_line_id,
  sale_invoice_no,
  sale_time
FROM matched
