-- Why were events rejected?
-- Grain: one row for each stream and reason.
-- Owner: web-team
WITH rejected AS (
  SELECT 'clicks' AS stream, reason FROM quarantine.clicks_rejected
  UNION ALL
  SELECT 'invoice_lines' AS stream, reason FROM quarantine.invoice_lines_rejected
  UNION ALL
  SELECT 'order_items' AS stream, reason FROM quarantine.order_items_rejected
  UNION ALL
  SELECT 'orders' AS stream, reason FROM quarantine.orders_rejected
  UNION ALL
  SELECT 'returns' AS stream, reason FROM quarantine.returns_rejected
)
SELECT stream, reason, count(*) AS events
FROM rejected
GROUP BY stream, reason
ORDER BY stream, events DESC, reason
