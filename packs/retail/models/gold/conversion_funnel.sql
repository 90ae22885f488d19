-- How many visits get how far, from seeing a product to paying for it.
-- Grain: one row for each day (UTC, of the visit's first event) and kind of device.
-- Owner: web-team
WITH visits AS (
  SELECT
    session_id,
    CAST(min(event_time) AT TIME ZONE 'UTC' AS DATE) AS day,
    min(device) AS device,
    bool_or(event_type = 'product_view') AS viewed,
    bool_or(event_type = 'add_to_cart') AS added,
    bool_or(event_type = 'checkout') AS checked_out,
    bool_or(event_type = 'purchase') AS purchased
  FROM bronze.clicks
  GROUP BY session_id
)
SELECT
  day,
  device,
  count(*) AS visits,
  count(*) FILTER (viewed) AS product_views,
  count(*) FILTER (added) AS carts,
  count(*) FILTER (checked_out) AS checkouts,
  count(*) FILTER (purchased) AS purchases,
  round(100.0 * count(*) FILTER (purchased) / count(*), 2) AS conversion_percent
FROM visits
GROUP BY day, device
ORDER BY day, visits DESC
