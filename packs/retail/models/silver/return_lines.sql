-- What came back, each with whose order it was, late events included. What is sent again counts once.
-- Grain: one row for each return of a line; one whose line has not come yet leaves user_id empty.
-- Owner: order-team
WITH arrived AS (
  SELECT return_id, order_id, line, event_time, product_id, quantity, refund, return_reason
  FROM bronze.returns
  UNION ALL
  SELECT return_id, order_id, line, event_time, product_id, quantity, refund, return_reason
  FROM quarantine.returns_late
)
SELECT
  back.return_id,
  min(back.order_id) AS order_id,
  min(back.line) AS line,
  min(back.event_time) AS returned_at,
  min(back.product_id) AS product_id,
  min(back.quantity) AS quantity,
  min(back.refund) AS refund,
  min(back.return_reason) AS return_reason,
  min(sold.user_id) AS user_id
FROM arrived AS back
LEFT JOIN silver.order_lines AS sold ON sold.order_id = back.order_id AND sold.line = back.line
GROUP BY back.return_id
