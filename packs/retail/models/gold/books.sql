-- What the operational database says of each day, beside what the facts of the warehouse say.
-- Grain: one row for each day (UTC) that was closed.
-- Owner: finance-team
WITH ordered AS (
  -- An order is of the day on which it was placed, also where the events of its lines come after midnight.
  SELECT
    CAST(orders.event_time AT TIME ZONE 'UTC' AS DATE) AS day,
    count(DISTINCT order_id) AS orders,
    sum(lines.amount) AS sales
  FROM silver.orders AS orders
  JOIN gold.fct_order_lines AS lines USING (order_id)
  GROUP BY ALL
),
returned AS (
  SELECT CAST(returned_at AT TIME ZONE 'UTC' AS DATE) AS day, sum(refund) AS refunds
  FROM gold.fct_returns
  GROUP BY ALL
)
SELECT
  day,
  closings.orders AS booked_orders,
  coalesce(ordered.orders, 0) AS orders,
  closings.charged AS booked_sales,
  coalesce(ordered.sales, 0) AS sales,
  closings.refunded AS booked_refunds,
  coalesce(returned.refunds, 0) AS refunds,
  booked_orders = coalesce(ordered.orders, 0)
    AND booked_sales = coalesce(ordered.sales, 0)
    AND booked_refunds = coalesce(returned.refunds, 0) AS agrees
FROM silver.closings AS closings
LEFT JOIN ordered USING (day)
LEFT JOIN returned USING (day)
ORDER BY day
