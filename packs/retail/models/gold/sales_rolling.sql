-- What the wholesaler sold on average over seven days of the calendar. A day without invoices counts, with nothing
-- sold; the first six days have no average yet.
-- Grain: one row for each day of the calendar from the first to the last with invoices.
-- Owner: finance-team
WITH calendar AS (
  SELECT CAST(unnest(generate_series(min(invoice_date), max(invoice_date), INTERVAL 1 DAY)) AS DATE) AS day
  FROM gold.invoices_daily
),
filled AS (
  SELECT calendar.day, coalesce(daily.sales, 0) AS sales, daily.invoice_date IS NOT NULL AS has_invoices
  FROM calendar
  LEFT JOIN gold.invoices_daily AS daily ON daily.invoice_date = calendar.day
)
SELECT
  day,
  has_invoices,
  sales,
  sum(sales) OVER seven_days AS sales_of_seven_days,
  CASE WHEN count(*) OVER seven_days = 7 THEN round(sum(sales) OVER seven_days / 7, 2) END AS average_of_seven_days
FROM filled
WINDOW seven_days AS (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
ORDER BY day
