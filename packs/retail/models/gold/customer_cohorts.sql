-- How many of the customers who began in the same month order again, month after month.
-- Grain: one row for each cohort (the month of the first order) and number of months after it in which one of them ordered.
-- Owner: finance-team
WITH months AS (
  SELECT DISTINCT customer_id, CAST(date_trunc('month', invoice_date) AS DATE) AS month
  FROM silver.invoices
  WHERE kind = 'order' AND customer_id IS NOT NULL
),
begun AS (
  SELECT customer_id, month, min(month) OVER (PARTITION BY customer_id) AS cohort
  FROM months
),
counted AS (
  SELECT cohort, date_diff('month', cohort, month) AS months_after, count(*) AS customers
  FROM begun
  GROUP BY cohort, months_after
)
SELECT
  cohort,
  months_after,
  customers,
  round(100.0 * customers / max(customers) FILTER (months_after = 0) OVER (PARTITION BY cohort), 1) AS percent
FROM counted
ORDER BY cohort, months_after
