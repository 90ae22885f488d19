-- The wholesaler's customers, and -1 for whoever an invoice does not name.
-- Grain: one row for each customer.
-- Owner: finance-team
SELECT customer_id, country, customer_since
FROM silver.customers
UNION ALL
SELECT -1, 'unknown', NULL
