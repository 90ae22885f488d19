-- How many visits get how far, from seeing a product to paying for it.
-- Grain: one row for each day (UTC, of the visit's first event) and kind of device.
-- Owner: web-team
SELECT
  CAST(started AT TIME ZONE 'UTC' AS DATE) AS day,
  device,
  count(*) AS visits,
  count(*) FILTER (viewed) AS product_views,
  count(*) FILTER (added) AS carts,
  count(*) FILTER (checked_out) AS checkouts,
  count(*) FILTER (purchased) AS purchases,
  round(100.0 * count(*) FILTER (purchased) / count(*), 2) AS conversion_percent
FROM silver.visits
GROUP BY day, device
