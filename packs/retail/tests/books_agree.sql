-- Days of which the operational database and the warehouse do not say the same.
-- severity: warn
SELECT day, booked_orders, orders, booked_sales, sales, booked_refunds, refunds
FROM gold.books
WHERE NOT agrees
