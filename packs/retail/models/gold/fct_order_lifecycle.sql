-- An accumulating snapshot: each order and how far it has come, from the visit that led to it to what of it came back. A
-- row changes as its order goes on; a day that has not come has the key -1.
-- Grain: one row for each order with a line.
-- Owner: order-team
WITH ordered AS (
  SELECT
    order_id,
    min(ordered_at) AS ordered_at,
    min(user_id) AS user_id,
    min(session_id) AS session_id,
    count(*) AS lines,
    CAST(sum(quantity) AS BIGINT) AS units,
    sum(amount) AS amount
  FROM silver.order_lines
  GROUP BY order_id
),
returned AS (
  SELECT
    order_id,
    min(returned_at) AS first_returned_at,
    max(returned_at) AS last_returned_at,
    CAST(sum(quantity) AS BIGINT) AS units_returned,
    sum(refund) AS refunds
  FROM silver.return_lines
  GROUP BY order_id
)
SELECT
  ordered.order_id,
  customer.customer_key,
  visited.started AS visited_at,
  visited.carted_at,
  visited.checked_out_at,
  ordered.ordered_at,
  returned.first_returned_at,
  returned.last_returned_at,
  coalesce(CAST(strftime(visited.started AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER), -1) AS visited_date_key,
  CAST(strftime(ordered.ordered_at AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER) AS ordered_date_key,
  coalesce(CAST(strftime(returned.first_returned_at AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER), -1) AS first_returned_date_key,
  coalesce(CAST(strftime(returned.last_returned_at AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER), -1) AS last_returned_date_key,
  date_sub('minute', visited.started, ordered.ordered_at) AS minutes_to_order,
  date_sub('minute', visited.carted_at, ordered.ordered_at) AS minutes_in_cart,
  date_sub('day', ordered.ordered_at, returned.first_returned_at) AS days_to_return,
  ordered.lines,
  ordered.units,
  ordered.amount,
  coalesce(returned.units_returned, 0) AS units_returned,
  coalesce(returned.refunds, 0) AS refunds,
  CASE
    WHEN returned.order_id IS NULL THEN 'ordered'
    WHEN returned.units_returned < ordered.units THEN 'part returned'
    ELSE 'returned'
  END AS state
FROM ordered
LEFT JOIN silver.visits AS visited ON visited.session_id = ordered.session_id
LEFT JOIN returned ON returned.order_id = ordered.order_id
LEFT JOIN gold.dim_customer AS customer
  ON customer.user_id = coalesce(ordered.user_id, 'unknown')
  AND customer.valid_from <= ordered.ordered_at
  AND (customer.valid_to IS NULL OR ordered.ordered_at < customer.valid_to)
