-- A transaction fact: what came back. return_id, order_id and line are its degenerate dimensions; who sent it back is
-- whose order it was, and that of a return without an order is not known.
-- Grain: one row for each return of a line of an order.
-- Owner: order-team
SELECT
  returned.return_id,
  returned.order_id,
  returned.line,
  returned.returned_at,
  CAST(strftime(returned.returned_at AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER) AS date_key,
  CAST(strftime(returned.returned_at AT TIME ZONE 'UTC', '%H%M') AS INTEGER) AS time_key,
  product.product_key,
  customer.customer_key,
  reason.reason_key,
  returned.quantity,
  returned.refund
FROM silver.return_lines AS returned
LEFT JOIN gold.dim_product AS product
  ON product.product_id = returned.product_id
  AND product.valid_from <= returned.returned_at
  AND (product.valid_to IS NULL OR returned.returned_at < product.valid_to)
LEFT JOIN gold.dim_customer AS customer
  ON customer.user_id = coalesce(returned.user_id, 'unknown')
  AND customer.valid_from <= returned.returned_at
  AND (customer.valid_to IS NULL OR returned.returned_at < customer.valid_to)
LEFT JOIN gold.dim_return_reason AS reason ON reason.return_reason = returned.return_reason
