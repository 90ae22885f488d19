-- Customers who ordered in three consecutive months or more.
-- Grain: one row for each customer and run of at least three months, each with an order.
-- Owner: finance-team
WITH months AS (
  SELECT DISTINCT customer_id, CAST(date_trunc('month', invoice_date) AS DATE) AS month
  FROM silver.invoices
  WHERE kind = 'order' AND customer_id IS NOT NULL
),
numbered AS (
  SELECT customer_id, month, row_number() OVER (PARTITION BY customer_id ORDER BY month) AS number
  FROM months
),
runs AS (
  -- In a run, a month less its number stays the same.
  SELECT customer_id, month, 12 * year(month) + month(month) - number AS run
  FROM numbered
)
SELECT customer_id, min(month) AS first_month, max(month) AS last_month, count(*) AS months
FROM runs
GROUP BY customer_id, run
HAVING count(*) >= 3
