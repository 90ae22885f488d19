-- What events of a day say of the shop's customers: a visit who they are, an order only that there is one. What says the
-- same as the event before it is left out, so that histories are made of few rows.
-- Grain: one row for each customer, day (UTC) and change of what was said of them, visits and orders apart.
-- Owner: order-team
WITH said AS (
  SELECT user_id, country, language, device, event_time AS said_at, false AS is_inferred
  FROM bronze.clicks
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT user_id, country, language, device, event_time, false
  FROM quarantine.clicks_late
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT user_id, country, 'unknown', 'unknown', event_time, true
  FROM bronze.orders
  UNION ALL
  SELECT user_id, country, 'unknown', 'unknown', event_time, true
  FROM quarantine.orders_late
)
SELECT user_id, country, language, device, said_at, is_inferred
FROM said
-- Of what was said at one moment the largest counts, as in a history, so it comes last.
QUALIFY row(country, language, device) IS DISTINCT FROM lag(row(country, language, device)) OVER (
  PARTITION BY user_id, is_inferred, CAST(said_at AT TIME ZONE 'UTC' AS DATE)
  ORDER BY said_at, country, language, device
)
