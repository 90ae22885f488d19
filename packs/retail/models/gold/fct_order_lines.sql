-- A transaction fact: what was sold. order_id and line are its degenerate dimensions; days and times are those of UTC.
-- Grain: one row for each line of an order.
-- Owner: order-team
SELECT
  line.order_id,
  line.line,
  line.ordered_at,
  CAST(strftime(line.ordered_at AT TIME ZONE 'UTC', '%Y%m%d') AS INTEGER) AS date_key,
  CAST(strftime(line.ordered_at AT TIME ZONE 'UTC', '%H%M') AS INTEGER) AS time_key,
  product.product_key,
  customer.customer_key,
  coalesce(line.payment, 'unknown') AS payment,
  line.quantity,
  line.unit_price,
  line.amount
FROM silver.order_lines AS line
LEFT JOIN gold.dim_product AS product
  ON product.product_id = line.product_id
  AND product.valid_from <= line.ordered_at
  AND (product.valid_to IS NULL OR line.ordered_at < product.valid_to)
LEFT JOIN gold.dim_customer AS customer
  ON customer.user_id = coalesce(line.user_id, 'unknown')
  AND customer.valid_from <= line.ordered_at
  AND (customer.valid_to IS NULL OR line.ordered_at < customer.valid_to)
