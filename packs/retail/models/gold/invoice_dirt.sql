-- What is not as it should be in the wholesaler's invoices, how often, and how much money those lines carry.
-- Grain: one row for each kind of dirt; lines may have several.
-- Owner: finance-team
WITH lines AS (
  SELECT
    line.*,
    product.description AS product_description,
    customer.country AS customer_country,
    returned.match,
    count(*) OVER (PARTITION BY line.invoice_no, line.stock_code) AS lines_of_product
  FROM silver.invoice_lines AS line
  LEFT JOIN silver.products AS product ON product.stock_code = line.stock_code
  LEFT JOIN silver.customers AS customer ON customer.customer_id = line.customer_id
  LEFT JOIN silver.invoice_returns AS returned ON returned.line_id = line.line_id
),
raw AS (
  SELECT stock_code, description, CAST(quantity AS DECIMAL(10, 0)) * unit_price AS amount
  FROM bronze.invoice_lines
  UNION ALL
  SELECT stock_code, description, CAST(quantity AS DECIMAL(10, 0)) * unit_price AS amount
  FROM quarantine.invoice_lines_late
),
found AS (
  SELECT 'line repeated in every column' AS dirt, CAST(quantity AS DECIMAL(10, 0)) * unit_price AS amount
  FROM quarantine.invoice_lines_repeated
  UNION ALL
  SELECT 'stock code in small letters', amount FROM raw WHERE stock_code <> upper(stock_code)
  UNION ALL
  SELECT 'description with spaces around or doubled', amount
  FROM raw
  WHERE description <> regexp_replace(trim(description), '\s+', ' ', 'g')
  UNION ALL
  SELECT dirt, amount
  FROM (
    SELECT
      amount,
      unnest([
        CASE WHEN kind = 'repeat' THEN 'line loaded again' END,
        CASE WHEN kind = 'charge' THEN 'stock code of no goods' END,
        CASE WHEN kind = 'unknown' THEN 'line that nothing explains' END,
        CASE WHEN kind = 'correction' AND quantity < 0 THEN 'stock lost' END,
        CASE WHEN kind = 'correction' AND quantity > 0 THEN 'stock found' END,
        CASE WHEN kind = 'gift' THEN 'goods without a price to a customer' END,
        CASE WHEN starts_with(invoice_no, 'A') THEN 'bad debt' END,
        CASE WHEN unit_price < 0 THEN 'price below zero' END,
        CASE WHEN customer_id IS NULL THEN 'no customer' END,
        CASE WHEN country IN ('Unspecified', 'European Community') THEN 'no country' END,
        CASE WHEN country <> customer_country THEN 'another country than the customer''s' END,
        CASE WHEN description IS NULL THEN 'no description' END,
        CASE WHEN description <> product_description AND unit_price = 0 THEN 'description is a note' END,
        CASE WHEN description <> product_description AND unit_price > 0 THEN 'product called otherwise' END,
        CASE WHEN lines_of_product > 1 AND kind IN ('sale', 'return') THEN 'product twice in an invoice' END,
        CASE WHEN match IN ('no customer', 'no sale found') THEN 'return without a sale' END,
        CASE WHEN match = 'more than was sold' THEN 'return of more than was sold' END
      ]) AS dirt
    FROM lines
  ) AS named
  WHERE dirt IS NOT NULL
)
SELECT dirt, count(*) AS lines, sum(amount) AS amount
FROM found
GROUP BY dirt
