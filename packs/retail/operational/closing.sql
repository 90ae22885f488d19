-- The books of each day (UTC), by the money that moved: what the stream closings takes.
-- Grain: one row for each day with payments.
SELECT
  md5((paid_at AT TIME ZONE 'UTC')::date || ' ' || now())::uuid AS closing_id,
  to_char(max(paid_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
  to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS closed_at,
  count(*) FILTER (WHERE return_id IS NULL) AS orders,
  coalesce(sum(amount) FILTER (WHERE return_id IS NULL), 0.00) AS charged,
  coalesce(-sum(amount) FILTER (WHERE return_id IS NOT NULL), 0.00) AS refunded
FROM shop.payments
GROUP BY (paid_at AT TIME ZONE 'UTC')::date
ORDER BY day
