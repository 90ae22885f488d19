-- What was sold each day in each category, and what came back on that day, whenever it was sold.
-- Grain: one row for each day (UTC) and category with sales or returns on it.
-- Owner: order-team
WITH sold AS (
  SELECT
    CAST(event_time AT TIME ZONE 'UTC' AS DATE) AS day,
    category,
    count(DISTINCT order_id) AS orders,
    sum(quantity) AS units,
    sum(amount) AS revenue
  FROM silver.order_items
  GROUP BY ALL
),
returned AS (
  SELECT
    CAST(event_time AT TIME ZONE 'UTC' AS DATE) AS day,
    -- From the catalogue, because most of what comes back was ordered on another day.
    coalesce(catalogue.category, 'unknown') AS category,
    sum(quantity) AS units,
    sum(refund) AS refunds
  FROM silver.returns
  LEFT JOIN silver.catalogue USING (product_id)
  GROUP BY ALL
)
SELECT
  day,
  category,
  coalesce(sold.orders, 0) AS orders,
  coalesce(sold.units, 0) AS units,
  coalesce(sold.revenue, 0) AS revenue,
  coalesce(returned.units, 0) AS units_returned,
  coalesce(returned.refunds, 0) AS refunds,
  coalesce(sold.revenue, 0) - coalesce(returned.refunds, 0) AS net_revenue
FROM sold
FULL JOIN returned USING (day, category)
