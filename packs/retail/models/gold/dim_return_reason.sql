-- Why something comes back.
-- Grain: one row for each reason that somebody gave.
-- Owner: order-team
SELECT
  return_reason,
  CASE WHEN return_reason = 'changed_mind' THEN 'customer' ELSE 'shop' END AS fault,
  event_time AS given_at
FROM bronze.returns
UNION ALL
SELECT
  return_reason,
  CASE WHEN return_reason = 'changed_mind' THEN 'customer' ELSE 'shop' END AS fault,
  event_time AS given_at
FROM quarantine.returns_late
