-- What the shop sells, in all its versions. A product that was looked at or sent back before it was ordered is known by
-- its number, and its first version is filled in when an order says what it is.
-- Grain: one row for each product and stretch of time in which it had one name, category and list price.
-- Owner: order-team
SELECT product_id, product_name, category, list_price, said_at, is_inferred
FROM silver.said_of_products
