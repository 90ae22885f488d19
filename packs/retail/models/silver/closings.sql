-- The books of the shop's operational database as they were closed last.
-- Grain: one row for each day that was closed.
-- Owner: finance-team
SELECT day, closed_at, orders, charged, refunded
FROM (
  SELECT day, closed_at, orders, charged, refunded FROM bronze.closings
  UNION ALL
  SELECT day, closed_at, orders, charged, refunded FROM quarantine.closings_late
)
QUALIFY row_number() OVER (PARTITION BY day ORDER BY closed_at DESC) = 1
