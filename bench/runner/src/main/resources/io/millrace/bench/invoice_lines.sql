-- The lines of the retail pack, over and over: each copy with invoices and customers of its own, spread over the days
-- of a history. An invoice is of one day, and the lines come in the order of time.
COPY (
  WITH copies AS (
    SELECT
      original.*,
      copy,
      CAST(${day} AS INTEGER) AS day,
      CAST(InvoiceDate AS TIMESTAMP) AS moment
    FROM range(${from}, ${to}) AS copies(copy)
    CROSS JOIN read_csv('${csv}', all_varchar = true) AS original
    WHERE hash('kept', copy, InvoiceNo) % 1000000 < CAST(${share} AS DOUBLE) * 1000000
  )
  SELECT
    regexp_extract(InvoiceNo, '^[A-Z]*') || lpad(CAST(copy AS VARCHAR), 3, '0')
      || regexp_extract(InvoiceNo, '[0-9]+') AS invoice_no,
    StockCode AS stock_code,
    Description AS description,
    CAST(Quantity AS INTEGER) AS quantity,
    strftime(DATE '${start}' + to_days(day) + (moment - date_trunc('day', moment)), '%Y-%m-%dT%H:%M:%SZ') AS invoice_time,
    CAST(UnitPrice AS DECIMAL(12, 3)) AS unit_price,
    CAST(CAST(CustomerID AS DOUBLE) AS BIGINT) + 100000 * copy AS customer_id,
    Country AS country
  FROM copies
  ORDER BY invoice_time, invoice_no
)
TO '${file}' (FORMAT json)
