-- Orders and why of them came back: an order may have several reasons, each with its part of the refund as its weight, so
-- that sums over reasons are sums over orders.
-- Grain: one row for each order with a return and each of its reasons.
-- Owner: order-team
SELECT
  order_id,
  reason_key,
  sum(refund) AS refund,
  CAST(sum(refund) AS DOUBLE) / sum(sum(refund)) OVER (PARTITION BY order_id) AS weight
FROM gold.fct_returns
GROUP BY order_id, reason_key
