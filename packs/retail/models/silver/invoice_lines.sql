-- Every line of the wholesaler's invoices, late ones included, with what kind of line it is and, unless it is a sale
-- or a return of goods, why it is left out of sales.
-- Grain: one row for each line that came in; nothing is dropped here.
-- Owner: finance-team
WITH lines AS (
  SELECT
    event_id, invoice_no, stock_code, description, quantity, invoice_time, unit_price, customer_id, country,
    topic_partition, topic_offset
  FROM bronze.invoice_lines
  UNION ALL
  SELECT
    event_id, invoice_no, stock_code, description, quantity, invoice_time, unit_price, customer_id, country,
    topic_partition, topic_offset
  FROM quarantine.invoice_lines_late
),
-- The stream knows repeats for as long as its window; a file that is loaded again a week later comes through.
numbered AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY event_id ORDER BY topic_partition, topic_offset) AS copy
  FROM lines
),
classified AS (
  SELECT
    numbered.*,
    special.reason AS special_reason,
    CASE
      WHEN copy > 1 THEN 'repeat'
      WHEN special.reason IS NOT NULL OR starts_with(invoice_no, 'A') THEN 'charge'
      -- Codes of goods begin with five digits, or are those of goods made for one customer.
      WHEN NOT regexp_matches(upper(numbered.stock_code), '^([0-9]{5}|DCGS)') THEN 'unknown'
      WHEN unit_price > 0 AND quantity > 0 AND NOT starts_with(invoice_no, 'C') THEN 'sale'
      WHEN unit_price > 0 AND quantity < 0 AND starts_with(invoice_no, 'C') THEN 'return'
      WHEN unit_price = 0 AND quantity > 0 AND customer_id IS NOT NULL THEN 'gift'
      WHEN unit_price = 0 THEN 'correction'
      ELSE 'unknown'
    END AS kind
  FROM numbered
  LEFT JOIN silver.special_codes AS special ON special.stock_code = upper(trim(numbered.stock_code))
)
SELECT
  event_id AS line_id,
  copy,
  invoice_no,
  upper(trim(stock_code)) AS stock_code,
  nullif(regexp_replace(trim(description), '\s+', ' ', 'g'), '') AS description,
  quantity,
  unit_price,
  CAST(quantity AS DECIMAL(10, 0)) * unit_price AS amount,
  invoice_time,
  CAST(invoice_time AT TIME ZONE 'Europe/London' AS DATE) AS invoice_date,
  customer_id,
  country,
  kind,
  CASE kind
    WHEN 'sale' THEN NULL
    WHEN 'return' THEN NULL
    WHEN 'charge' THEN coalesce(special_reason, 'bad debt')
    WHEN 'gift' THEN 'given free'
    WHEN 'correction' THEN 'stock corrections'
    WHEN 'repeat' THEN 'loaded again'
    ELSE 'unknown'
  END AS excluded_reason
FROM classified
