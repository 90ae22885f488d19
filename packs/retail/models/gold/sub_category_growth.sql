-- How each kind of thing grew from a month to the same month a year later. The latest month is compared with the same
-- days of the year before, up to the last day there is. Before the second year nothing is known to compare with.
-- Grain: one row for each month and sub-category with sales or returns in it or, if that is known, a year before.
-- Owner: finance-team
WITH ends AS (
  SELECT CAST(date_trunc('month', min(day)) AS DATE) AS first_month, max(day) AS last_day
  FROM gold.category_daily
),
these AS (
  SELECT
    CAST(date_trunc('month', day) AS DATE) AS month,
    category,
    sub_category,
    sum(net_revenue) AS net_revenue
  FROM gold.category_daily
  GROUP BY ALL
),
year_before AS (
  SELECT
    CAST(date_trunc('month', daily.day + INTERVAL 1 YEAR) AS DATE) AS month,
    daily.category,
    daily.sub_category,
    sum(daily.net_revenue) AS net_revenue
  FROM gold.category_daily AS daily
  CROSS JOIN ends
  WHERE daily.day + INTERVAL 1 YEAR <= ends.last_day
  GROUP BY ALL
),
both_years AS (
  SELECT
    month,
    category,
    sub_category,
    coalesce(these.net_revenue, 0) AS net_revenue,
    CASE WHEN month >= ends.first_month + INTERVAL 1 YEAR THEN coalesce(year_before.net_revenue, 0) END
      AS net_revenue_year_before
  FROM these
  FULL JOIN year_before USING (month, category, sub_category)
  CROSS JOIN ends
)
SELECT
  *,
  round(100 * (net_revenue / nullif(net_revenue_year_before, 0) - 1), 1) AS growth_percent
FROM both_years
ORDER BY month, category, sub_category
