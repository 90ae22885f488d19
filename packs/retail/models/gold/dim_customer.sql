-- The shop's customers, in all their versions, as their visits say who they are. Who orders before a visit has told is
-- known by the order alone, and filled in later. One row is of the customer who is not known.
-- Grain: one row for each customer and stretch of time with one country, language and device.
-- Owner: order-team
SELECT user_id, country, language, device, said_at, is_inferred
FROM silver.said_of_customers
UNION ALL
SELECT 'unknown', 'unknown', 'unknown', 'unknown', TIMESTAMPTZ '1970-01-01 00:00:00+00', false
