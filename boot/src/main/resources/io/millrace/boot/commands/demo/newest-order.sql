-- The newest order, as live values have it
SELECT order_id FROM bronze.orders ORDER BY event_time DESC LIMIT 1
