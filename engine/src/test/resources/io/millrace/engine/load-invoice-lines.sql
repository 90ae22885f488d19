-- The file as the stream leaves it: each line once in bronze, what repeats it in quarantine.
-- Grain: one row for each line of the file.
-- Owner: finance-team
CREATE TEMP TABLE numbered AS
WITH lines AS (
  SELECT
    InvoiceNo AS invoice_no,
    StockCode AS stock_code,
    Description AS description,
    CAST(Quantity AS INTEGER) AS quantity,
    CAST(InvoiceDate AS TIMESTAMP) AT TIME ZONE 'Europe/London' AS invoice_time,
    CAST(UnitPrice AS DECIMAL(12, 3)) AS unit_price,
    CAST(CAST(CustomerID AS DOUBLE) AS BIGINT) AS customer_id,
    Country AS country,
    row_number() OVER () AS topic_offset
  FROM read_csv('$file', header = true, all_varchar = true)
)
SELECT
  *,
  row_number() OVER (
    PARTITION BY invoice_no, stock_code, description, quantity, invoice_time, unit_price, customer_id, country
    ORDER BY topic_offset
  ) AS copy
FROM lines;

INSERT INTO bronze.invoice_lines BY NAME
SELECT * EXCLUDE (copy), uuid() AS event_id, 0 AS topic_partition
FROM numbered
WHERE copy = 1;

INSERT INTO quarantine.invoice_lines_repeated BY NAME
SELECT * EXCLUDE (copy), uuid() AS event_id, 0 AS topic_partition, 'repeated' AS reason
FROM numbered
WHERE copy > 1;
