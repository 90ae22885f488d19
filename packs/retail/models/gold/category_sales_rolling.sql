-- What the wholesaler sold of each category on average over seven days of the calendar. A day on which nothing of a
-- category was sold counts; the first six days have no average yet.
-- Grain: one row for each category and day of the calendar from the first to the last with sales of anything.
-- Owner: finance-team
WITH sold AS (
  SELECT day, category, sum(sales) AS sales
  FROM gold.category_daily
  GROUP BY day, category
),
calendar AS (
  SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day
  FROM sold
),
categories AS (
  SELECT DISTINCT category FROM sold
),
filled AS (
  SELECT calendar.day, categories.category, coalesce(sold.sales, 0) AS sales
  FROM calendar
  CROSS JOIN categories
  LEFT JOIN sold ON sold.day = calendar.day AND sold.category = categories.category
)
SELECT
  category,
  day,
  sales,
  sum(sales) OVER seven_days AS sales_of_seven_days,
  CASE WHEN count(*) OVER seven_days = 7 THEN round(sum(sales) OVER seven_days / 7, 2) END AS average_of_seven_days
FROM filled
WINDOW seven_days AS (PARTITION BY category ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
ORDER BY category, day
