-- What was sold each day in each category, and what of it came back.
-- Grain: one row for each day (UTC) and category with sales or returns on it.
-- Owner: order-team
WITH sold AS (
  SELECT
    CAST(event_time AT TIME ZONE 'UTC' AS DATE) AS day,
    category,
    count(DISTINCT order_id) AS orders,
    sum(quantity) AS units,
    sum(amount) AS revenue
  FROM bronze.order_items
  GROUP BY ALL
),
returned AS (
  SELECT
    CAST(returned.event_time AT TIME ZONE 'UTC' AS DATE) AS day,
    coalesce(item.category, 'unknown') AS category,
    sum(returned.quantity) AS units,
    sum(returned.refund) AS refunds
  FROM bronze.returns AS returned
  LEFT JOIN bronze.order_items AS item USING (order_id, line)
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
ORDER BY day, revenue DESC
