-- The visits to the shop and how far each got. A visit over midnight is one visit, of the day it began.
-- Grain: one row for each session.
-- Owner: web-team
SELECT
  session_id,
  min(event_time) AS started,
  min(device) AS device,
  min(event_time) FILTER (event_type = 'add_to_cart') AS carted_at,
  min(event_time) FILTER (event_type = 'checkout') AS checked_out_at,
  bool_or(event_type = 'product_view') AS viewed,
  bool_or(event_type = 'add_to_cart') AS added,
  bool_or(event_type = 'checkout') AS checked_out,
  bool_or(event_type = 'purchase') AS purchased
FROM silver.clicks
GROUP BY session_id
