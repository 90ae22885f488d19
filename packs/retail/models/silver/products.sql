-- What the wholesaler sells. A product is called what most of its sales call it, the latest where that leaves a
-- choice; lines without a price carry notes ("damaged", "?"), which are names only of what was never sold.
-- Grain: one row for each stock code of goods, in capital letters.
-- Owner: finance-team
WITH named AS (
  SELECT
    stock_code,
    description,
    count(*) FILTER (unit_price > 0) AS priced,
    max(invoice_time) AS last_time
  FROM silver.invoice_lines
  WHERE kind IN ('sale', 'return', 'gift', 'correction')
  GROUP BY stock_code, description
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY stock_code
      ORDER BY priced DESC, description IS NULL, upper(description) = description DESC, last_time DESC, description
    ) AS choice
  FROM named
)
SELECT
  stock_code,
  coalesce(min(description) FILTER (choice = 1), 'unknown') AS description,
  count(*) FILTER (priced > 0) AS descriptions,
  sum(priced) > 0 AS was_sold
FROM ranked
GROUP BY stock_code
