-- A periodic snapshot: each product at the end of each day, also of days on which nothing happened to it. Units and money
-- of the day add up over days; what was sold to date and is still with customers adds up over products alone.
-- It is built whole: each row stands on all days before it, and a new day adds a row to every product.
-- Grain: one row for each product and day in UTC, from its first sale or return to the last day with one of any product.
-- Owner: order-team
WITH moved AS (
  SELECT
    CAST(ordered_at AT TIME ZONE 'UTC' AS DATE) AS day, product_id, quantity AS sold, amount, 0 AS returned, 0 AS refund
  FROM silver.order_lines
  UNION ALL
  SELECT CAST(returned_at AT TIME ZONE 'UTC' AS DATE), product_id, 0, 0, quantity, refund
  FROM silver.return_lines
),
daily AS (
  SELECT
    day,
    product_id,
    CAST(sum(sold) AS BIGINT) AS units_sold,
    CAST(sum(returned) AS BIGINT) AS units_returned,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS amount,
    CAST(sum(refund) AS DECIMAL(18, 2)) AS refunds
  FROM moved
  GROUP BY day, product_id
),
products AS (
  SELECT product_id, min(day) AS first_day FROM daily GROUP BY product_id
),
last AS (
  SELECT max(day) AS last_day FROM daily
),
filled AS (
  SELECT
    dates.date_key,
    dates.day,
    products.product_id,
    coalesce(daily.units_sold, 0) AS units_sold,
    coalesce(daily.units_returned, 0) AS units_returned,
    coalesce(daily.amount, 0) AS amount,
    coalesce(daily.refunds, 0) AS refunds
  FROM products
  CROSS JOIN last
  JOIN gold.dim_date AS dates ON dates.day BETWEEN products.first_day AND last.last_day
  LEFT JOIN daily ON daily.day = dates.day AND daily.product_id = products.product_id
)
SELECT
  filled.date_key,
  filled.day,
  product.product_key,
  filled.product_id,
  units_sold,
  units_returned,
  amount,
  refunds,
  CAST(sum(units_sold) OVER so_far AS BIGINT) AS units_sold_to_date,
  CAST(sum(units_sold - units_returned) OVER so_far AS BIGINT) AS units_with_customers
FROM filled
LEFT JOIN gold.dim_product AS product
  ON product.product_id = filled.product_id
  AND CAST(product.valid_from AT TIME ZONE 'UTC' AS DATE) <= filled.day
  AND (product.valid_to IS NULL OR filled.day < CAST(product.valid_to AT TIME ZONE 'UTC' AS DATE))
WINDOW so_far AS (PARTITION BY filled.product_id ORDER BY filled.day)
